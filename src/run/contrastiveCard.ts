import type { PlainAccuracy } from '../train/events';
import { type CardFacts, percent, table } from './modelCard';
import { runFile } from './schema';

type ContrastiveFacts = Pick<CardFacts, 'run' | 'facts' | 'areClasses' | 'someTexts' | 'credits'> & {
  /** On the same images, in the order of their steps. */
  accuracies: PlainAccuracy[];
  /** Where its checkpoint lies, from the card. */
  folder: string;
};

/** The model card of a CLIP that was trained contrastively, as Markdown. */
export function contrastiveCard(card: ContrastiveFacts): string {
  const { run, facts, areClasses, someTexts, credits, accuracies, folder } = card;
  return `${[
    '---\ntags: [clip, contrastive]\npipeline_tag: zero-shot-image-classification\n---',
    '# A CLIP trained on its own data',
    `Both towers of a CLIP and its logit scale, trained with clip-distillery by CLIP’s contrastive loss (Radford et al. 2021) on images and their ${areClasses ? 'class names in a prompt' : 'captions'}. It can teach a smaller student there: take it under Models, or as \`teacher\` of a run file.`,
    table(['', ''], facts),
    '## Use',
    `With transformers, where this card lies:

\`\`\`python
from PIL import Image
from transformers import CLIPModel, CLIPProcessor

clip, processor = (one.from_pretrained("${folder}") for one in (CLIPModel, CLIPProcessor))
texts = ${JSON.stringify(someTexts)}
inputs = processor(text=texts, images=Image.open("picture.png"), return_tensors="pt", padding=True)
print(clip(**inputs).logits_per_image.softmax(-1))
\`\`\``,
    '## Results',
    results(accuracies),
    '## Settings',
    table(
      ['setting', 'value'],
      Object.entries(run.train).map(([name, value]) => [name, String(value)]),
    ),
    `\`\`\`json\n${JSON.stringify(runFile(run), null, 2)}\n\`\`\``,
    '## Licences',
    ...(credits.length > 0 ? [credits.map((credit) => `- ${credit}`).join('\n')] : []),
    'The licences of the model that it began as and of the images apply to it; clip-distillery adds no terms of its own.',
  ].join('\n\n')}\n`;
}

function results(accuracies: PlainAccuracy[]): string {
  const last = accuracies.at(-1);
  if (last?.student.top1 === undefined) return 'It was not evaluated: no image has a text.';
  const rows = accuracies.map(({ step, student }) => [
    String(step),
    percent(student.top1),
    percent(student.top5),
  ]);
  const where = last.heldOut ? 'held-out images' : 'images that it was also trained on';
  return `How often an image’s own text comes first among all, on ${last.images} ${where}.\n\n${table(['after step', 'first', 'among the first five'], rows)}`;
}
