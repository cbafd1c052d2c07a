import { methods } from '../distill/methods/methods';
import type { EvaluationSummary } from './report';
import type { Run } from './schema';

/** All that a model card is written from. */
export interface CardFacts {
  run: Run;
  evaluations: EvaluationSummary[];
  /** Lines of 'what: value' about models, data and machine. */
  facts: [name: string, value: string][];
  /** The texts are classes, not captions. */
  areClasses: boolean;
  /** Whose work the images are, a line each. */
  credits: string[];
}

/** A distilled student's model card: `README.md` of the folder that it is exported to, as Markdown. */
export function modelCard(card: CardFacts): string {
  const { run, evaluations, facts, areClasses, credits } = card;
  const task = areClasses ? 'image-classification' : 'zero-shot-image-classification';
  return `${[
    `---\ntags: [clip, knowledge-distillation]\npipeline_tag: ${task}\n---`,
    '# A distilled CLIP student',
    `A small CLIP image tower that learnt from a larger CLIP, made with clip-distillery. Method: ${methods[run.method].title}.`,
    table(['', ''], facts),
    '## Files',
    files(card),
    '## Use',
    ...(areClasses ? [onnxUse] : []),
    run.train.parameters === 'prompts' ? promptsNote : pytorchUse(usesEduAttention(run)),
    '## Results',
    results(evaluations),
    '## Settings',
    table(
      ['setting', 'value'],
      Object.entries({ ...run.loss, ...run.train }).map(([name, value]) => [name, String(value)]),
    ),
    '## Licences',
    ...(credits.length > 0 ? [credits.map((credit) => `- ${credit}`).join('\n')] : []),
    'The licences of the teacher and of the images apply to what was learnt from them; clip-distillery adds no terms of its own.',
  ].join('\n\n')}\n`;
}

function usesEduAttention({ method, loss }: Run): boolean {
  return methods[method].hasEduAttention?.(loss) ?? false;
}

function files({ areClasses, run }: CardFacts): string {
  const rows = [
    ['`student/`', 'the image tower as a Hugging Face checkpoint'],
    [
      '`heads.safetensors`',
      `what leads from its features to the teacher’s: \`projector.*\`, \`edu.*\`${run.train.parameters === 'prompts' ? ', and the deep `prompts` of the tower' : ''}`,
    ],
    [
      '`text_features.safetensors`',
      'the teacher’s features of the texts, `logit_scale`, and the texts themselves in its metadata',
    ],
    ...(areClasses
      ? [['`classifier.onnx`', 'all of it in one file: image in, class probabilities out']]
      : []),
    ['`run.json`', 'the run file, which clip-distillery’s command line reproduces'],
  ];
  return table(['file', 'what it is'], rows);
}

const onnxUse = `With onnxruntime, nothing else needed:

\`\`\`python
import json, numpy as np, onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession("classifier.onnx")
classes = json.loads(session.get_modelmeta().custom_metadata_map["classes"])
size = session.get_inputs()[0].shape[1]
image = Image.open("picture.png").convert("RGB")
scale = size / min(image.size)
image = image.resize([max(size, int(edge * scale)) for edge in image.size], Image.BICUBIC)
left, top = (image.width - size) // 2, (image.height - size) // 2
pixels = np.asarray(image.crop((left, top, left + size, top + size)), np.uint8)[None]
logits, probabilities = session.run(None, {"image": pixels})
print(classes[probabilities[0].argmax()])
\`\`\``;

const promptsNote =
  'The tower was tuned by deep visual prompts, which transformers’ CLIP does not take; use the ONNX file, ' +
  'or `npm run cli -- evaluate --model student --heads heads.safetensors --teacher TEACHER --data DATA` of clip-distillery.';

function pytorchUse(eduAttention: boolean): string {
  const attend = `Q = F.linear(u, h["edu.q.weight"], h["edu.q.bias"])
K = F.linear(W, h["edu.k.weight"], h["edu.k.bias"])
V = F.linear(W, h["edu.v.weight"], h["edu.v.bias"])
attended = (Q @ K.T / K.shape[1] ** 0.5).softmax(-1) @ V
u = F.normalize(h["edu.alpha"] * attended + u, dim=-1)
`;
  return `With PyTorch and transformers:

\`\`\`python
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from transformers import CLIPImageProcessor, CLIPVisionModelWithProjection

tower = CLIPVisionModelWithProjection.from_pretrained("student").eval()
processor = CLIPImageProcessor.from_pretrained("student")
h, t = load_file("heads.safetensors"), load_file("text_features.safetensors")
W = t["text_features"]
image = Image.open("picture.png").convert("RGB")
x = tower(processor(image, return_tensors="pt")["pixel_values"]).image_embeds
x = F.linear(x, h["projector.fc1.weight"], h["projector.fc1.bias"])
x = F.batch_norm(x, *(h[f"projector.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias")))
u = F.normalize(F.linear(F.relu(x), h["projector.fc2.weight"], h["projector.fc2.bias"]), dim=-1)
${eduAttention ? attend : ''}logits = t["logit_scale"].exp() * u @ W.T
\`\`\``;
}

function results(evaluations: EvaluationSummary[]): string {
  const last = evaluations.at(-1);
  if (!last) return 'It was not evaluated.';
  const where = last.heldOut ? 'held-out images' : 'images that it was also trained on';
  const rows = evaluations.map(({ step, student, teacher, agreement }) => [
    String(step),
    ...[student.top1, student.top5, teacher.top1, agreement].map(percent),
  ]);
  const header = ['after step', 'student', 'student, top 5', 'teacher', 'same answer as the teacher'];
  return `Zero-shot accuracy on ${last.images} ${where}.\n\n${table(header, rows)}`;
}

function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;
}

function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
