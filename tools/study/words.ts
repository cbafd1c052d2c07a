/** What docs/study/README.md says around its tables. */
export const INTRODUCTION = `# The study

Does distillation help here, and which part of it? Every number is over all seeds that were run, none picked. \`npm run study\` writes this page, its pictures and \`runs.jsonl\`, which holds every run file with what it came to.

- **Data.** The demo's emoji. A seed draws concepts of its own, which no other seed has, out of those that all seven artists drew. The 22 default concepts are left out, because the page's settings were chosen by them, and so are 80 that learning rates are chosen by. Students learn from five artists and are tested on all pictures of two others, whom neither they nor the teacher have seen; of these concepts the teacher has seen the five artists' pictures.
- **Models.** The demo's teacher, and the demo's student from random weights.
- **Cost.** All rows take 300 steps of 32 pictures with the page's settings (AdamW, weight decay 0.05, 30 steps to warm up, cosine, crop and flip). Each method has the same four trials of a learning rate, below; its loss has its own defaults, which come from its paper and its public code and were not tuned for a student this small. Rows of the ablation take ComKD's learning rate.
- **±** is the half of an interval of 95 % by Student's t over the seeds. Differences are paired by seed: same concepts, same starting weights, same pictures in the same order. One is called more than chance where its interval is without 0; among as many comparisons as there are here, about one in twenty is so by chance.`;

export const PART_WORDS: Readonly<Record<string, string>> = {
  'few-labels':
    'Forty concepts, 200 training pictures, of which one a concept keeps its label. Methods without labels see all pictures; the student alone learns from the labelled ones, which come among the others in its batches, or fill them where the others are taken away. H is the harmonic mean of the accuracies of the first half of the classes and of the second, each among its own: for a method without labels this is base-to-new as PromptKD and the paper have it, with unlabelled pictures of all classes.',
  'base-to-new':
    'A hundred concepts: pictures of fifty, all labelled, to learn from; the other fifty are new. Base and new classes are each told among their own. This is stricter than the paper, whose students see unlabelled pictures of new classes too.',
  'stage-one':
    'As few labels and many pictures, with the teacher adapted before by PromptSRC on the one labelled picture a concept, by its own defaults.',
  pretrained:
    'As few labels and many pictures, with a student that has been distilled by PromptKD on 200 other concepts for 1,000 steps. Its tower stays, its prompts and projector learn, as in the paper; in the last row all of it does. What it forgets is what it loses on a hundred of the concepts that it was pretrained on.',
};

export const TRIALS = `## Each method's learning rate

Chosen before all else by one trial each on the 80 concepts that no other run has: 400 training pictures, a label on one a concept, 160 pictures of the two unseen artists to be right on. Accuracies in %, the chosen learning rate's in bold. A difference of a few points between trials is chance; this keeps a method from being held back by a rate that does not suit it, and is no more than that. Base-to-new and Stage I take the rates of few labels.`;

export const ABLATION = `## The paper's ablation

On few labels and many pictures.`;

export const END = `## What differs from the paper

- The paper distils ViT-L/14 into a *pretrained* ViT-B/16 whose prompts learn. Here a student of 218,000 parameters begins at random weights and learns whole (but under *A pretrained student*).
- Its teacher is first adapted to the data by Stage I with labels; here it is as it is (but under *Stage I*).
- Its data are eleven sets of photographs, here drawings of 64 pixels; its runs take 20 epochs, here about 50.
- So these numbers speak of this page's small students, and neither for nor against the paper's tables. Who has a graphics processor and the eleven sets fills in those by [one command](../paper.md).

## Again

\`npm run study\` does all, \`--only few-labels\` one part, \`--seeds N\` more or fewer seeds; after a kill \`--resume\` goes on and leaves finished runs. A run file out of \`runs.jsonl\`, with the key \`run\`, is one of \`distill\`: \`distill run.json --backend wasm\` comes to the numbers of its line. Where a later version adds up in another order, the last digits differ from the first step on, and after 300 steps a picture or two are answered otherwise (51.3 and 50.0 % in the row that was tried so).`;
