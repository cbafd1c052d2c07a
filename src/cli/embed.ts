import * as tf from '@tensorflow/tfjs-core';
import { type Checkpoint, loadCheckpoint } from '../clip/checkpoint';
import { normalise, preprocess } from '../clip/preprocess';
import { textFeatures } from '../clip/textTower';
import { loadTokenizer } from '../clip/tokenizer';
import { imageFeatures } from '../clip/visionTower';
import { isTextWeight, isVisionWeight, uploadWeights } from '../clip/weights';
import { isImage, isJunk } from '../data/paths';
import { blobFolder } from '../files/blobs';
import { type Folder, InputError, type OnProgress } from '../files/folder';
import { writeSafetensors } from '../files/safetensors';
import type { HostTensor, HostTensors } from '../files/tensors';
import { l2Normalize } from '../ops/l2Normalize';
import { decodeImage } from './decode';
import { startBackend } from './device';
import { diskFile, diskFolder, isFolder, writeToDisk } from './disk';
import { parseFlags, required } from './flags';
import { progressPrinter } from './progress';

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
  const onProgress = progressPrinter();
  const folder = values.images === undefined ? undefined : await imageFolder(values.images);
  const texts = values.texts === undefined ? undefined : await readLines(values.texts);
  const checkpoint = await loadCheckpoint(await diskFolder(model), { onProgress, text: texts !== undefined });
  const tokenised = texts && (await tokenise(checkpoint, texts));
  await startBackend(values.backend);

  const tensors: HostTensors = {};
  const images = folder && (await embedImages(checkpoint, folder, onProgress));
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
  console.log(JSON.stringify({ out, ...counts, skipped: images?.skipped ?? [] }));
}

async function imageFolder(place: string): Promise<Folder> {
  if (await isFolder(place)) return diskFolder(place);
  return blobFolder(place, new Map([[place.split(/[\\/]/).at(-1) ?? place, await diskFile(place)]]));
}

/** Lines of a text file; the last one's end is not the beginning of another. */
async function readLines(file: string): Promise<string[]> {
  const text = await (await diskFile(file)).text();
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  if (lines.length === 0) throw new InputError(`${file} is empty; it should hold a text a line.`);
  return lines;
}

async function tokenise({ name, config, tokenizerFiles }: Checkpoint, texts: string[]): Promise<HostTensor> {
  const contextLength = config.text?.maxPositionEmbeddings ?? 0;
  const tokenizer = await loadTokenizer(tokenizerFiles, contextLength, name);
  const { ids, truncated } = tokenizer.encode(texts);
  if (truncated.length > 0) {
    const lines = truncated.slice(0, 10).map((i) => i + 1);
    const more = truncated.length > lines.length ? ', …' : '';
    console.error(
      `${truncated.length} of ${texts.length} texts are longer than ${contextLength} tokens and were cut ` +
        `(lines ${lines.join(', ')}${more}).`,
    );
  }
  return { shape: [texts.length, contextLength], data: ids };
}

async function embedImages(checkpoint: Checkpoint, folder: Folder, onProgress: OnProgress) {
  const { config, preprocessor, tensors } = checkpoint;
  const paths = (await folder.paths()).filter((path) => isImage(path) && !isJunk(path));
  const weights = uploadWeights(tensors, isVisionWeight);
  const { size } = preprocessor;
  const embeddings: Float32Array[] = [];
  const files: string[] = [];
  const skipped: { file: string; reason: string }[] = [];
  for (let start = 0; start < paths.length; start += BATCH) {
    const pixels = new Float32Array(BATCH * 3 * size * size);
    let count = 0;
    for (const path of paths.slice(start, start + BATCH)) {
      try {
        const image = await decodeImage((await folder.open(path)) ?? new Blob(), path);
        normalise(preprocess(image, preprocessor), preprocessor, pixels, count * 3 * size * size);
        files.push(path);
        count++;
      } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        console.error(`${path} was skipped: ${reason}`);
        skipped.push({ file: path, reason });
      }
    }
    if (count > 0) {
      const batch = pixels.subarray(0, count * 3 * size * size);
      embeddings.push(
        await evaluated(() => imageFeatures(weights, config, tf.tensor(batch, [count, 3, size, size]))),
      );
    }
    onProgress({
      label: 'images',
      done: Math.min(start + BATCH, paths.length),
      total: paths.length,
      unit: 'images',
    });
  }
  tf.dispose(weights);
  if (files.length === 0) throw new InputError(`${folder.name} holds no image that can be read.`);
  return { embeddings: concatenate(embeddings, config.projectionDim), files, skipped };
}

async function embedTexts({ config, tensors }: Checkpoint, ids: HostTensor, onProgress: OnProgress) {
  const [total, contextLength] = ids.shape;
  const weights = uploadWeights(tensors, isTextWeight);
  const embeddings: Float32Array[] = [];
  for (let start = 0; start < total; start += BATCH) {
    const batch = Int32Array.from(ids.data.subarray(start * contextLength, (start + BATCH) * contextLength));
    embeddings.push(await evaluated(() => textFeatures(weights, config, batch)));
    onProgress({ label: 'texts', done: Math.min(start + BATCH, total), total, unit: 'texts' });
  }
  tf.dispose(weights);
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
