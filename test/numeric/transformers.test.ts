import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parsePreprocessor } from '../../src/clip/preprocess';
import { loadTokenizer } from '../../src/clip/tokenizer';
import { evaluationIndices } from '../../src/data/splits/batches';
import { embedTexts } from '../../src/distill/teacher';
import type { Evaluation } from '../../src/evaluate/results';
import type { ExportedStudent } from '../../src/export/exportedStudent';
import { textModel } from '../../src/export/onnx/zeroShot';
import { type ExportedFile, studentFiles } from '../../src/export/studentFiles';
import { runFacts } from '../../src/run/facts';
import { modelCard } from '../../src/run/modelCard';
import { parseRun } from '../../src/run/schema';
import { Experiment, type ExperimentInputs } from '../../src/train/experiment';
import { transformersJs } from '../transformersJs';
import { openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

const {
  env,
  pipeline,
  AutoProcessor,
  AutoTokenizer,
  CLIPTextModelWithProjection,
  CLIPVisionModelWithProjection,
  RawImage,
} = transformersJs;

const IMAGES = 6;
const device = 'auto';
const dtypes = ['fp32', 'fp16', 'q8'] as const;
/** How far shares may lie from those of the engine. */
const tolerance = { fp32: 1e-4, fp16: 2e-3, q8: 3e-2 };

eachBackend(() => {
  let folder = '';
  let inputs: ExperimentInputs;
  let evaluation: Evaluation;
  let exported: ExportedStudent;

  beforeAll(async () => {
    folder = await fs.mkdtemp(path.join(os.tmpdir(), 'transformers-'));
    env.localModelPath = folder;
    const run = await openFixtureRun('full-adamw', { train: { learningRate: 0.01 } });
    inputs = { ...run, dataset: { ...run.dataset, classes: run.dataset.texts.map((text) => `${text}!`) } };
    const experiment = await Experiment.load(inputs, {});
    while (!experiment.isFinished) await experiment.train(await experiment.nextBatch());
    evaluation = await experiment.evaluate(IMAGES);
    exported = await experiment.exportStudent();
    experiment.dispose();
    await write('classes', studentFiles(exported));
    await write('captions', studentFiles({ ...exported, classes: [] }));
  });
  afterAll(() => fs.rm(folder, { recursive: true }));

  async function write(name: string, files: AsyncIterable<ExportedFile>): Promise<void> {
    for await (const [file, bytes] of files) {
      const place = path.join(folder, name, file);
      await fs.mkdir(path.dirname(place), { recursive: true });
      await fs.writeFile(place, bytes);
    }
  }

  it('has student.py preprocess as the student was trained, whatever Transformers.js is told', async () => {
    const read = (name: string) => fs.readFile(path.join(folder, 'classes', name), 'utf8');
    const [, name = ''] = /HERE \/ "([^"]*preprocessor_config\.json)"/.exec(await read('student.py')) ?? [];
    const raw = JSON.parse(await read(name));
    expect(parsePreprocessor(raw, raw.crop_size.width, name)).toEqual(inputs.student.preprocessor);
  });

  /** The evaluated images, of the size that the student sees. */
  async function images() {
    const { preprocessor } = inputs.student;
    const { size } = preprocessor;
    const pixels = await Promise.all(
      evaluation.predictions.map(({ image }) => inputs.images.pixels(image, preprocessor)),
    );
    return pixels.map((data) => new RawImage(Uint8ClampedArray.from(data), size, size, 3));
  }

  /** The engine's shares of the texts, image by image. */
  function evaluatedShares(): number[] {
    const { texts, student } = evaluation.logits;
    return evaluation.predictions.flatMap((_, image) =>
      softmax(student.subarray(image * texts.length, (image + 1) * texts.length)),
    );
  }

  /** What a pipeline answered in the order of the labels. */
  const inOrder = (answers: { label: string; score: number }[][], labels: string[]) =>
    answers.flatMap((answer) =>
      labels.map((label) => answer.find((guess) => guess.label === label)?.score ?? Number.NaN),
    );

  describe.each(dtypes)('Transformers.js in %s', (dtype) => {
    it.each(['classes', 'captions'])('answers texts as evaluated, of a student of %s', async (name) => {
      const { texts } = inputs.dataset;
      const ask = await pipeline('zero-shot-image-classification', name, { dtype, device });
      const answers = await ask(await images(), texts, { hypothesis_template: '{}' });
      await ask.dispose();
      const found = inOrder(answers, texts);
      expect(largestDifference(found, evaluatedShares())).toBeLessThan(tolerance[dtype]);
    });

    it('classifies as evaluated', async () => {
      const { classes } = inputs.dataset;
      const classify = await pipeline('image-classification', 'classes/classifier', { dtype, device });
      const answers = await classify(await images(), { top_k: classes.length });
      await classify.dispose();
      const found = inOrder(answers, classes);
      expect(largestDifference(found, evaluatedShares())).toBeLessThan(tolerance[dtype]);
    });

    it('embeds images and texts into one space', async () => {
      const { texts } = inputs.dataset;
      const options = { dtype, device } as const;
      const vision = await CLIPVisionModelWithProjection.from_pretrained('classes', options);
      const text = await CLIPTextModelWithProjection.from_pretrained('classes', options);
      const processor = await AutoProcessor.from_pretrained('classes', {});
      const tokenizer = await AutoTokenizer.from_pretrained('classes');
      const { image_embeds } = await vision(await processor(await images()));
      const { text_embeds } = await text(tokenizer(texts, { padding: true, truncation: true }));
      await Promise.all([vision.dispose(), text.dispose()]);
      const W = text_embeds.tolist();
      const found = image_embeds
        .tolist()
        .flatMap((f: number[]) =>
          softmax(W.map((w: number[]) => exported.s * w.reduce((sum, x, i) => sum + x * f[i], 0))),
        );
      expect(largestDifference(found, evaluatedShares())).toBeLessThan(tolerance[dtype]);
    });
  });

  it('runs the model card’s example as it stands', async () => {
    const { dataset, teacher, student } = inputs;
    const run = parseRun({}, 'run.json');
    const card = modelCard({
      run,
      evaluations: [],
      precisions: [],
      files: ['onnx/model.onnx'],
      ...runFacts({ dataset, teacher, student, device: '' }),
    });
    const [, example = ''] = card.match(/```js\nimport .*\n([^`]*)```/) ?? [];
    await (await images())[0].save(path.join(folder, 'classes/picture.png'));
    const said: { label: string }[][] = [];
    const log = (answer: { label: string }[]) => said.push(answer);
    const before = process.cwd();
    process.chdir(path.join(folder, 'classes'));
    const start = (task: 'image-classification', model: string, options: object) =>
      pipeline(task, model, { ...options, device });
    const body = Function('env', 'pipeline', 'console', `return (async () => {${example}})()`);
    await body(env, start, { log });
    process.chdir(before);
    env.localModelPath = folder;
    expect(said[0][0].label).toBe(evaluation.predictions[0].student[0].text);
    expect(said[1].map(({ label }) => label).sort()).toEqual(dataset.texts.slice(0, 3).sort());
  });

  it('is worth in each precision what its files answer', async () => {
    const { dataset } = inputs;
    expect(exported.precisions.map(({ precision }) => precision)).toEqual(['float32', 'float16', 'int8']);
    const all = evaluationIndices(dataset).indices;
    const { preprocessor } = inputs.student;
    const { size } = preprocessor;
    for (const [i, dtype] of dtypes.entries()) {
      const classify = await pipeline('image-classification', 'classes/classifier', { dtype, device });
      const right = await Promise.all(
        all.map(async (image) => {
          const data = Uint8ClampedArray.from(await inputs.images.pixels(image, preprocessor));
          const [best] = await classify(new RawImage(data, size, size, 3), { top_k: 1 });
          return dataset.images[image].texts.some((text) => dataset.classes[text] === best.label);
        }),
      );
      await classify.dispose();
      const { top1, images } = exported.precisions[i];
      expect(images).toBe(all.length);
      expect(top1).toBeCloseTo(right.filter(Boolean).length / all.length, 6);
    }
  });

  it('reads of a longer text what the teacher does', async () => {
    const long = Array.from({ length: 40 }, (_, i) => inputs.dataset.texts[i]).join(' ');
    const W = await embedTexts(inputs.teacher, [long], {});
    const text = await CLIPTextModelWithProjection.from_pretrained('classes', { dtype: 'fp32', device });
    const tokenizer = await AutoTokenizer.from_pretrained('classes');
    const { text_embeds } = await text(tokenizer([long], { padding: true, truncation: true }));
    await text.dispose();
    expect(largestDifference(text_embeds.tolist().flat(), await W.data())).toBeLessThan(1e-5);
    W.dispose();
  });

  it('finds known texts’ features by their tokens, and none of others', async () => {
    const { texts } = inputs.dataset;
    const options = { padding: true, truncation: true };
    const { encode, padding } = await loadTokenizer(inputs.teacher);
    const reader = { ids: encode(texts).ids, padding, W: exported.W };
    await fs.cp(path.join(folder, 'classes'), path.join(folder, 'known'), { recursive: true });
    const bytes = textModel(reader, exported.W.shape[1], 'float32');
    await fs.writeFile(path.join(folder, 'known/onnx/text_model.onnx'), bytes);
    const known = await CLIPTextModelWithProjection.from_pretrained('known', { dtype: 'fp32', device });
    const tokenizer = await AutoTokenizer.from_pretrained('known');
    const { text_embeds } = await known(tokenizer(texts.toReversed(), options));
    expect(text_embeds.tolist().toReversed().flat()).toEqual([...exported.W.data]);
    const unknown = await known(tokenizer([`${texts[0]} and more`], options));
    await known.dispose();
    expect(unknown.text_embeds.tolist().flat().every(Number.isNaN)).toBe(true);
  });
}, ['wasm']);

function softmax(logits: ArrayLike<number>): number[] {
  const most = Math.max(...Array.from(logits));
  const powers = Array.from(logits, (logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}
