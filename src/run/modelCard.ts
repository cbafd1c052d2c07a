import { methods } from '../distill/methods/methods';
import type { PrecisionResult } from '../export/exportedStudent';
import { howRounded } from '../export/precision';
import type { EvaluationSummary } from './report';
import type { Run } from './schema';

/** All that a model card is written from. */
export interface CardFacts {
  run: Run;
  evaluations: EvaluationSummary[];
  precisions: PrecisionResult[];
  /** Lines of 'what: value' about models, data and machine. */
  facts: [name: string, value: string][];
  /** Of the student's image tower: 'CLIP', 'SigLIP'. */
  family: string;
  /** The texts are classes, not captions. */
  areClasses: boolean;
  /** Some of what the teacher was asked. */
  someTexts: string[];
  /** Whether the texts' features are among the files. */
  hasTextFeatures: boolean;
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
    transformersJsUse(card),
    ...(areClasses ? [onnxUse] : []),
    ...pytorchUse(card),
    '## Results',
    results(evaluations),
    ...precisionResults(card),
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

function files({ areClasses, hasTextFeatures, run }: CardFacts): string {
  const rows = [
    [
      '`onnx/`',
      'image tower with projector (`vision_model`), texts (`text_model`) and both (`model`) for Transformers.js and onnxruntime: float32, float16 (`_fp16`) and 8-bit weights (`_quantized`); beside it `config.json`, the preprocessing and the tokenizer',
    ],
    ...(areClasses
      ? [
          ['`classifier/`', 'the same with the classes in it, for `pipeline("image-classification")`'],
          ['`classifier.onnx`', 'all of it in one file: image in, class probabilities out'],
        ]
      : []),
    [
      '`index.html`',
      'a page that answers pictures and the camera: open it from disk or any host, it works offline and sends nothing (of students up to 100 MB)',
    ],
    ['`student/`', 'the image tower as a Hugging Face checkpoint'],
    [
      '`heads.safetensors`',
      `what leads from its features to the teacher’s: \`projector.*\`, \`edu.*\`${run.train.parameters === 'prompts' ? ', and the deep `prompts` of the tower' : ''}`,
    ],
    ...(hasTextFeatures
      ? [
          [
            '`text_features.safetensors`',
            'the teacher’s features of the texts, `logit_scale`, and the texts themselves in its metadata',
          ],
        ]
      : []),
    ['`run.json`', 'the run file, which clip-distillery’s command line reproduces'],
  ];
  return table(['file', 'what it is'], rows);
}

function transformersJsUse({ areClasses, someTexts }: CardFacts): string {
  const classify = `const classify = await pipeline("image-classification", "classifier", { dtype: "fp32" });
console.log(await classify("picture.png"));
`;
  return `With Transformers.js, in this folder or with this folder beside the page; \`dtype\` may be \`fp32\`, \`fp16\` or \`q8\`:

\`\`\`js
import { env, pipeline } from "@huggingface/transformers";

Object.assign(env, { allowLocalModels: true, allowRemoteModels: false, localModelPath: "./" });
${areClasses ? classify : ''}const ask = await pipeline("zero-shot-image-classification", "./", { dtype: "fp32" });
console.log(await ask("picture.png", ${JSON.stringify(someTexts)}, { hypothesis_template: "{}" }));
\`\`\``;
}

const onnxUse = `With onnxruntime:

\`\`\`python
import json, numpy as np, onnxruntime
from PIL import Image

session = onnxruntime.InferenceSession("classifier.onnx")
about = session.get_modelmeta().custom_metadata_map
classes, preprocessing = json.loads(about["classes"]), json.loads(about["preprocessing"])
resize, resample = preprocessing["resize"], Image.Resampling[preprocessing["resample"].upper()]
size = session.get_inputs()[0].shape[1]
image = Image.open("picture.png").convert("RGB")
shortest = resize.get("shortestEdge")
edges = [shortest * edge // min(image.size) for edge in image.size] if shortest else (resize["width"], resize["height"])
image = image.resize(edges, resample)
left, top = round((image.width - size) / 2), round((image.height - size) / 2)
pixels = np.asarray(image.crop((left, top, left + size, top + size)), np.uint8)[None]
logits, probabilities = session.run(None, {"image": pixels})
print(classes[probabilities[0].argmax()])
\`\`\``;

const promptsNote =
  'The tower was tuned by deep visual prompts, which transformers’ CLIP does not take: with PyTorch, use the ONNX files, ' +
  'or `npm run cli -- evaluate --model student --heads heads.safetensors --teacher TEACHER --data DATA` of clip-distillery.';

/** Nothing where the files that it would read are not there. */
function pytorchUse({ run, family, hasTextFeatures }: CardFacts): string[] {
  if (run.train.parameters === 'prompts') return [promptsNote];
  if (!hasTextFeatures) return [];
  const attend = `Q = F.linear(u, h["edu.q.weight"], h["edu.q.bias"])
K = F.linear(W, h["edu.k.weight"], h["edu.k.bias"])
V = F.linear(W, h["edu.v.weight"], h["edu.v.bias"])
attended = (Q @ K.T / K.shape[1] ** 0.5).softmax(-1) @ V
u = F.normalize(h["edu.alpha"] * attended + u, dim=-1)
`;
  const [tower, output] =
    family === 'SigLIP'
      ? ['SiglipVisionModel', 'pooler_output']
      : ['CLIPVisionModelWithProjection', 'image_embeds'];
  return [
    `With PyTorch and transformers:

\`\`\`python
import torch.nn.functional as F
from PIL import Image
from safetensors.torch import load_file
from transformers import CLIPImageProcessor, ${tower}

tower = ${tower}.from_pretrained("student").eval()
processor = CLIPImageProcessor.from_pretrained("student")
h, t = load_file("heads.safetensors"), load_file("text_features.safetensors")
W = t["text_features"]
image = Image.open("picture.png").convert("RGB")
x = tower(processor(image, return_tensors="pt")["pixel_values"]).${output}
x = F.linear(x, h["projector.fc1.weight"], h["projector.fc1.bias"])
x = F.batch_norm(x, *(h[f"projector.bn.{part}"] for part in ("running_mean", "running_var", "weight", "bias")))
u = F.normalize(F.linear(F.relu(x), h["projector.fc2.weight"], h["projector.fc2.bias"]), dim=-1)
${usesEduAttention(run) ? attend : ''}logits = t["logit_scale"].exp() * u @ W.T
print(logits.softmax(-1))
\`\`\``,
  ];
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

function precisionResults({ precisions }: CardFacts): string[] {
  if (precisions.length === 0) return [];
  const rows = precisions.map(({ precision, bytes, top1, agreement }) => [
    precision,
    `${(bytes / 1e6).toFixed(1)} MB`,
    percent(top1),
    percent(agreement),
  ]);
  const header = ['weights', 'size', 'student', 'same answer as the teacher'];
  return [
    `The same in each precision of the ONNX files, on ${precisions[0].images} of these images. ${howRounded}`,
    table(header, rows),
  ];
}

export function percent(share: number | undefined): string {
  return share === undefined ? '–' : `${(100 * share).toFixed(1)} %`;
}

export function table(header: string[], rows: string[][]): string {
  const line = (cells: string[]) =>
    `| ${cells.map((cell) => cell.replace(/\s+/g, ' ').replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}
