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
  /** The paths of what lies beside the card. */
  files: readonly string[];
  /** Lines of 'what: value' about models, data and machine. */
  facts: [name: string, value: string][];
  /** The texts are classes, not captions. */
  areClasses: boolean;
  /** Some of what the teacher was asked. */
  someTexts: string[];
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
    ...transformersJsUse(card),
    ...(areClasses ? [onnxUse] : []),
    ...(card.files.includes('student.py') ? [pytorchUse] : []),
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

function files({ files: there, run }: CardFacts): string {
  const models = ['image tower with projector (`vision_model`)'];
  if (there.includes('onnx/model.onnx')) models.push('texts (`text_model`) and both (`model`)');
  const rows = [
    [
      'onnx/',
      `${models.join(', ')} for Transformers.js and onnxruntime: float32, float16 (\`_fp16\`) and 8-bit weights (\`_quantized\`); beside it \`config.json\`, the preprocessing and the tokenizer`,
    ],
    ['classifier/', 'the same with the classes in it, for `pipeline("image-classification")`'],
    ['classifier.onnx', 'all of it in one file: image in, class probabilities out'],
    [
      'index.html',
      'a page that answers pictures and the camera: open it from disk or any host, it works offline and sends nothing',
    ],
    ['student/', 'the image tower as a Hugging Face checkpoint'],
    [
      'heads.safetensors',
      `what leads from its features to the teacher’s: \`projector.*\`, \`edu.*\`${run.train.parameters === 'prompts' ? ', and the deep `prompts` of the tower' : ''}`,
    ],
    [
      'text_features.safetensors',
      'the teacher’s features of the texts, `logit_scale`, and the texts themselves in its metadata',
    ],
    ['student.py', 'all of it as a PyTorch module, which reads the three above'],
    ['convert.py', 'writes it for Core ML and LiteRT; untried'],
    ['run.json', 'the run file, which clip-distillery’s command line reproduces'],
  ].filter(([path]) => path === 'run.json' || there.some((each) => each.startsWith(path)));
  return table(
    ['file', 'what it is'],
    rows.map(([path, what]) => [`\`${path}\``, what]),
  );
}

function transformersJsUse({ files: there, areClasses, someTexts }: CardFacts): string[] {
  const classify = `const classify = await pipeline("image-classification", "classifier", { dtype: "fp32" });
console.log(await classify("picture.png"));
`;
  const ask = `const ask = await pipeline("zero-shot-image-classification", "./", { dtype: "fp32" });
console.log(await ask("picture.png", ${JSON.stringify(someTexts)}, { hypothesis_template: "{}" }));
`;
  const uses = [...(areClasses ? [classify] : []), ...(there.includes('onnx/model.onnx') ? [ask] : [])];
  if (uses.length === 0) return [];
  return [
    `With Transformers.js, in this folder or with this folder beside the page; \`dtype\` may be \`fp32\`, \`fp16\` or \`q8\`:

\`\`\`js
import { env, pipeline } from "@huggingface/transformers";

Object.assign(env, { allowLocalModels: true, allowRemoteModels: false, localModelPath: "./" });
${uses.join('')}\`\`\``,
  ];
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

const pytorchUse = `With PyTorch and transformers; \`student.embed\` gives the features in the teacher’s space, for texts that the teacher reads anywhere else, in open_clip too:

\`\`\`python
from PIL import Image
from student import Student, preprocess

student = Student().eval()
probabilities = student(preprocess(Image.open("picture.png"))).softmax(-1)
print(student.texts[probabilities[0].argmax()])
\`\`\``;

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
