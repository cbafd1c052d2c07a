import fs from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs-core';
import { type Checkpoint, loadCheckpoint } from '../clip/checkpoint';
import { normalise, type Preprocessor, preprocess } from '../clip/preprocess';
import { textFeatures, uploadTextTower } from '../clip/textTower';
import { loadTokenizer, textSizes } from '../clip/tokenizer';
import { imageFeatures } from '../clip/visionTower';
import { isVisionWeight, uploadWeights } from '../clip/weights';
import type { Skipped } from '../data/dataset';
import { baseName, isImage, isJunk } from '../data/paths';
import { reasonOf } from '../data/text';
import { freeUnusedBuffers } from '../device/memory';
import { blobFolder } from '../files/blobs';
import { type Folder, InputError, type OnProgress } from '../files/folder';
import { writeSafetensors } from '../files/safetensors';
import type { HostTensor, HostTensors } from '../files/tensors';
import { l2Normalize } from '../ops/l2Normalize';
import { decodeImage } from './decode';
import { startBackend } from './device';
import { diskFile, diskFolder, isFolder, makeFolder, writeToDisk } from './disk';
import { parseFlags, required } from './flags';
import { progressPrinter } from './progress';
import { nameOnALine, printJson, say } from './say';

const USAGE =
  'cli embed --model DIR [--images PATH] [--texts FILE] --out F.safetensors [--backend webgpu|wasm]';

const BATCH = 32;

/** `embed`: a file with the L2-normalised embeddings of images and texts. */
export async function run(args: string[]): Promise<void> {
  const { values } = parseFlags(
    args,
    {
      model: { type: 'string' },
      images: { type: 'string' },
      texts: { type: 'string' },
      out: { type: 'string' },
      backend: { type: 'string' },
    },
    [],
    USAGE,
  );
  const model = required(values.model, '--model', USAGE);
  const out = required(values.out, '--out', USAGE);
  if (!values.images && !values.texts)
    throw new InputError(`--images or --texts is missing. Usage: ${USAGE}`);
  await makeWay(out);
  const onProgress = progressPrinter();
  const source = values.images === undefined ? undefined : await findImages(values.images);
  const texts = values.texts === undefined ? undefined : await readLines(values.texts);
  const checkpoint = await loadCheckpoint(await diskFolder(model), { text: texts !== undefined });
  for (const notice of checkpoint.notices) say(notice);
  const tokenised = texts && (await tokenise(checkpoint, texts));
  await startBackend(values.backend);

  const tensors: HostTensors = {};
  const images = source && (await embedImages(checkpoint, source, onProgress));
  if (images) tensors['image_embeds'] = images.embeddings;
  if (tokenised) {
    tensors['input_ids'] = tokenised;
    tensors['text_embeds'] = await embedTexts(checkpoint, tokenised, onProgress);
  }
  await writeToDisk(
    out,
    writeSafetensors(tensors, { metadata: { files: JSON.stringify(images?.files ?? []) } }),
  );
  const counts = { images: images?.files.length ?? 0, texts: texts?.length ?? 0 };
  printJson({ out, ...counts, skipped: images?.skipped ?? [] });
}

/** @throws InputError where something lies at `out` already, or nothing can be written there */
async function makeWay(out: string): Promise<void> {
  if (await fs.lstat(out).catch(() => undefined))
    throw new InputError(`${out} is there already and is left as it is; remove it, or give another --out.`);
  await makeFolder(path.dirname(out));
}

interface ImageSource {
  folder: Folder;
  /** Of its images, in order. */
  paths: string[];
}

/** The images of a folder, or one image file. */
async function findImages(place: string): Promise<ImageSource> {
  const folder = (await isFolder(place))
    ? await diskFolder(place)
    : blobFolder(place, new Map([[baseName(place), await diskFile(place)]]));
  const paths = (await folder.paths()).filter((path) => isImage(path) && !isJunk(path));
  if (paths.length === 0) throw new InputError(`${place} holds no image.`);
  return { folder, paths };
}

/** Lines of a text file; the last one's end is not the beginning of another. */
async function readLines(file: string): Promise<string[]> {
  const text = await (await diskFile(file)).text();
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new InputError(`${file} is empty; it should hold a text a line.`);
  return lines;
}

async function tokenise(checkpoint: Checkpoint, texts: string[]): Promise<HostTensor> {
  const { maxPositionEmbeddings: contextLength } = textSizes(checkpoint);
  const tokenizer = await loadTokenizer(checkpoint);
  const { ids, truncated } = tokenizer.encode(texts);
  if (truncated.length > 0) {
    const lines = truncated.slice(0, 10).map((i) => i + 1);
    const more = truncated.length > lines.length ? ', …' : '';
    say(
      `${truncated.length} of ${texts.length} texts are longer than ${contextLength} tokens and were cut ` +
        `(lines ${lines.join(', ')}${more}).`,
    );
  }
  return { shape: [texts.length, contextLength], data: ids };
}

async function embedImages(checkpoint: Checkpoint, { folder, paths }: ImageSource, onProgress: OnProgress) {
  const { config, preprocessor, tensors } = checkpoint;
  const { size } = preprocessor;
  const weights = await uploadWeights(tensors, isVisionWeight, { onProgress });
  const embeddings: Float32Array[] = [];
  const files: string[] = [];
  const skipped: Skipped[] = [];
  const total = paths.length;
  const report = (done: number) => onProgress({ label: 'images', done, total, unit: 'images' });
  report(0);
  for (let start = 0; start < total; start += BATCH) {
    const batch = await readBatch(folder, paths.slice(start, start + BATCH), preprocessor);
    files.push(...batch.files);
    skipped.push(...batch.skipped);
    const shape = [batch.files.length, 3, size, size];
    if (batch.files.length > 0) {
      embeddings.push(await evaluated(() => imageFeatures(weights, config, tf.tensor(batch.pixels, shape))));
    }
    report(Math.min(start + BATCH, total));
  }
  tf.dispose(weights);
  freeUnusedBuffers();
  for (const { file, reason } of skipped) say(`${nameOnALine(file)} was skipped: ${reason}.`);
  if (files.length === 0) throw new InputError(`${folder.name} holds no image that can be read.`);
  return { embeddings: concatenate(embeddings, config.projectionDim), files, skipped };
}

/** Those images of a batch that can be read: normalised pixels [files, 3, size, size], and the others' reasons. */
async function readBatch(folder: Folder, paths: string[], preprocessor: Preprocessor) {
  const length = 3 * preprocessor.size ** 2;
  const pixels = new Float32Array(paths.length * length);
  const files: string[] = [];
  const skipped: Skipped[] = [];
  for (const path of paths) {
    try {
      const image = await decodeImage((await folder.open(path)) ?? new Blob(), path);
      normalise(preprocess(image, preprocessor), preprocessor, pixels, files.length * length);
      files.push(path);
    } catch (error) {
      skipped.push({ file: path, reason: reasonOf(error) });
    }
  }
  return { pixels: pixels.subarray(0, files.length * length), files, skipped };
}

async function embedTexts({ config, tensors }: Checkpoint, ids: HostTensor, onProgress: OnProgress) {
  const [total, contextLength] = ids.shape;
  const report = (done: number) => onProgress({ label: 'texts', done, total, unit: 'texts' });
  report(0);
  const all = Int32Array.from(ids.data);
  const tower = await uploadTextTower(tensors, all, { onProgress });
  const embeddings: Float32Array[] = [];
  for (let start = 0; start < total; start += BATCH) {
    const batch = all.subarray(start * contextLength, (start + BATCH) * contextLength);
    embeddings.push(await evaluated(() => textFeatures(tower, config, batch)));
    report(Math.min(start + BATCH, total));
  }
  tf.dispose(tower.weights);
  return concatenate(embeddings, config.projectionDim);
}

/** Features on the device, normalised, brought to main memory. */
async function evaluated(features: () => tf.Tensor): Promise<Float32Array> {
  const normalised = tf.tidy(() => l2Normalize(features()));
  const values = await normalised.data<'float32'>();
  normalised.dispose();
  return values;
}

function concatenate(rows: Float32Array[], width: number): HostTensor {
  const data = new Float32Array(rows.reduce((sum, row) => sum + row.length, 0));
  let at = 0;
  for (const row of rows) {
    data.set(row, at);
    at += row.length;
  }
  return { shape: [data.length / width, width], data };
}
