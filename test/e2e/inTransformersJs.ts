import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { decodeImage } from '../../src/cli/decode';
import { diskFolder } from '../../src/cli/disk';
import { preprocess } from '../../src/clip/preprocess';
import { openDemo } from '../../src/data/demo';
import { readSafetensors } from '../../src/files/safetensors';
import { exportedPreprocessor } from '../exportedClassifier';
import { transformersJs } from '../transformersJs';

const { env, pipeline, AutoProcessor, AutoTokenizer, RawImage } = transformersJs;
const { CLIPTextModelWithProjection, CLIPVisionModelWithProjection } = transformersJs;

export const dtypes = ['fp32', 'fp16', 'q8'] as const;
type Dtype = (typeof dtypes)[number];

/** Shares of the classes, picture by picture, by their names. */
export type Shares = Map<string, number>[];

const sharesOf = (answers: { label: string; score: number }[][]): Shares =>
  answers.map((answer) => new Map(answer.map(({ label, score }) => [label, score])));

/** An exported student's folder, opened by Transformers.js as its model card has it. */
export function inTransformersJs(folder: string, dtype: Dtype) {
  env.localModelPath = path.dirname(folder);
  const model = path.basename(folder);
  const options = { dtype, device: 'auto' } as const;
  return {
    async classify(pictures: string[]): Promise<Shares> {
      const classify = await pipeline('image-classification', `${model}/classifier`, options);
      const answers = await classify(pictures, { top_k: 1000 });
      await classify.dispose();
      return sharesOf(answers);
    },

    async ask(pictures: string[], classes: string[], template: string): Promise<Shares> {
      const ask = await pipeline('zero-shot-image-classification', model, options);
      const answers = await ask(pictures, classes, { hypothesis_template: template });
      await ask.dispose();
      return sharesOf(answers);
    },

    /** From the features of pictures and texts alone. */
    async compare(pictures: string[], classes: string[], template: string): Promise<Shares> {
      const vision = await CLIPVisionModelWithProjection.from_pretrained(model, options);
      const text = await CLIPTextModelWithProjection.from_pretrained(model, options);
      const processor = await AutoProcessor.from_pretrained(model, {});
      const tokenizer = await AutoTokenizer.from_pretrained(model);
      const images = await Promise.all(pictures.map((picture) => RawImage.read(picture)));
      const { image_embeds } = await vision(await processor(images));
      const texts = classes.map((name) => template.replace('{}', name));
      const { text_embeds } = await text(tokenizer(texts, { padding: true, truncation: true }));
      await Promise.all([vision.dispose(), text.dispose()]);
      const s = await logitScale(folder);
      const W: number[][] = text_embeds.tolist();
      return image_embeds.tolist().map((f: number[]) => {
        const powers = W.map((w) => Math.exp(s * w.reduce((sum, x, i) => sum + x * f[i], 0)));
        const sum = powers.reduce((a, b) => a + b);
        return new Map(classes.map((name, i) => [name, powers[i] / sum]));
      });
    },
  };
}

async function logitScale(folder: string): Promise<number> {
  const name = 'text_features.safetensors';
  const file = new Blob([await readFile(path.join(folder, name))]);
  const { logit_scale } = await readSafetensors(file, name);
  return Math.exp(logit_scale.data[0]);
}

/**
 * Pictures of the demo as files in a folder: as they are, and of the size that an exported student sees.
 *
 * @param exported the student's files
 */
export async function heldOut(paths: string[], exported: Record<string, Uint8Array>, folder: string) {
  const { images, open, classes, promptTemplate = '{}' } = await openDemo(await diskFolder('public/demo'));
  const preprocessor = exportedPreprocessor(exported);
  const { size } = preprocessor;
  const pictures: string[] = [];
  const small: string[] = [];
  await mkdir(folder);
  for (const image of paths.flatMap((wanted) => images.filter(({ path }) => path === wanted))) {
    const drawn = await open(image);
    const place = path.join(folder, image.path.replace('/', '-'));
    await writeFile(place, Buffer.from(await drawn.arrayBuffer()));
    const pixels = preprocess(await decodeImage(drawn, image.path), preprocessor);
    await sharp(pixels, { raw: { width: size, height: size, channels: 3 } }).toFile(`${place}.png`);
    pictures.push(place);
    small.push(`${place}.png`);
  }
  return { pictures, small, classes, template: promptTemplate };
}
