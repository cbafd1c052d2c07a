import { z } from 'zod';
import { subfolder } from '../files/blobs';
import { type FileSource, type Folder, InputError, type OnProgress } from '../files/folder';
import { parseJson, readJson } from '../files/json';
import { openSafetensors, type SafetensorsFile, writeSafetensors } from '../files/safetensors';
import type { HostTensor, HostTensors } from '../files/tensors';
import { type ClipConfig, completeRawConfig, parseClipConfig, type RawConfig } from './config';
import { type Preprocessor, parsePreprocessor, rawPreprocessor } from './preprocess';
import { clipShapes } from './shapes';
import type { TokenizerFiles } from './tokenizer';

/** A CLIP in main memory. */
export interface Checkpoint {
  /** What the user calls it. */
  name: string;
  config: ClipConfig;
  /** The contents of its `config.json`. */
  rawConfig: RawConfig;
  preprocessor: Preprocessor;
  tensors: HostTensors;
  tokenizerFiles: TokenizerFiles;
  /** How its file holds floats: 'F32', 'F16', 'BF16'. */
  dtype: string;
}

export interface LoadOptions {
  onProgress?: OnProgress;
  /** Whether the text tower is needed (true), left out (false), or taken where there is one. */
  text?: boolean | 'if present';
}

/**
 * Loads a checkpoint in the Hugging Face layout; in a folder it may lie one folder deep.
 *
 * @throws InputError naming what is missing or of the wrong shape, and what would be right
 */
export async function loadCheckpoint(
  place: FileSource | Folder,
  { onProgress, text = true }: LoadOptions = {},
): Promise<Checkpoint> {
  const source = await findCheckpoint(place);
  const rawConfig = await readRawConfig(source);
  const whole = parseClipConfig(rawConfig, `${source.name}/config.json`);
  if (text === true && !whole.text) {
    throw new InputError(`${source.name} has no text tower: its config.json lacks text_config.`);
  }
  const config = text ? whole : { ...whole, text: undefined };
  const preprocessor = await readPreprocessor(source, config.vision.imageSize);
  const tokenizerFiles = await openTokenizerFiles(source);
  const { tensors, dtype } = await readWeights(source, config, onProgress);
  return { name: source.name, config, rawConfig, preprocessor, tensors, tokenizerFiles, dtype };
}

async function findCheckpoint(place: FileSource | Folder): Promise<FileSource> {
  if (await place.open('config.json')) return place;
  const paths = 'paths' in place ? await place.paths() : [];
  const inside = paths.filter((path) => /^[^/]+\/config\.json$/.test(path));
  if ('paths' in place && inside.length === 1) return subfolder(place, inside[0].replace('/config.json', ''));
  if (inside.length > 1) {
    throw new InputError(
      `${place.name} holds ${inside.length} checkpoints (${inside.join(', ')}); give one of them.`,
    );
  }
  throw new InputError(
    `${place.name} is not a checkpoint folder: it has no config.json. ` +
      'A CLIP in the Hugging Face layout has config.json, model.safetensors and tokenizer.json.',
  );
}

async function readRawConfig(source: FileSource): Promise<RawConfig> {
  const path = `${source.name}/config.json`;
  const file = await source.open('config.json');
  return parseJson(z.record(z.string(), z.unknown()), file && (await readJson(file, path)), path);
}

async function readPreprocessor(source: FileSource, imageSize: number): Promise<Preprocessor> {
  const path = `${source.name}/preprocessor_config.json`;
  const file = await source.open('preprocessor_config.json');
  return parsePreprocessor(file ? await readJson(file, path) : {}, imageSize, path);
}

async function openTokenizerFiles(source: FileSource): Promise<TokenizerFiles> {
  const files = new Map<string, Blob>();
  const add = async (name: string) => {
    const file = await source.open(name);
    if (file) files.set(name, file);
    return file !== undefined;
  };
  if (!(await add('tokenizer.json'))) {
    await add('vocab.json');
    await add('merges.txt');
  }
  await add('tokenizer_config.json');
  return files;
}

async function readWeights(source: FileSource, config: ClipConfig, onProgress?: OnProgress) {
  const files = await openWeightFiles(source);
  const shapes = clipShapes(config);
  checkShapes(shapes, files, source.name);
  const tensors: HostTensors = {};
  const report = (done: number) =>
    onProgress?.({ label: source.name, done, total: shapes.size, unit: 'tensors' });
  report(0);
  for (const [i, name] of [...shapes.keys()].entries()) {
    const file = files.find(({ entries }) => entries.has(name));
    if (file) tensors[name] = await readFloats(file, name, source.name);
    report(i + 1);
  }
  const dtype =
    files.map(({ entries }) => entries.get('visual_projection.weight')?.dtype).find(Boolean) ?? 'F32';
  return { tensors, dtype };
}

async function readFloats(file: SafetensorsFile, name: string, where: string): Promise<HostTensor> {
  const tensor = await file.read(name);
  if (tensor.data instanceof Int32Array) {
    throw new InputError(`${where}: the tensor ${name} holds integers; F32, F16 or BF16 would be right.`);
  }
  return tensor;
}

const indexSchema = z.object({ weight_map: z.record(z.string(), z.string()) });

async function openWeightFiles(source: FileSource): Promise<SafetensorsFile[]> {
  const single = await source.open('model.safetensors');
  if (single) return [await openSafetensors(single, `${source.name}/model.safetensors`)];
  const path = `${source.name}/model.safetensors.index.json`;
  const index = await source.open('model.safetensors.index.json');
  if (!index) {
    throw new InputError(
      `${source.name} has no model.safetensors (and no model.safetensors.index.json). ` +
        'Weights in other formats, such as pytorch_model.bin, must be converted first.',
    );
  }
  const { weight_map } = parseJson(indexSchema, await readJson(index, path), path);
  const shards = [...new Set(Object.values(weight_map))].sort();
  return Promise.all(shards.map((shard) => openShard(source, shard)));
}

async function openShard(source: FileSource, shard: string): Promise<SafetensorsFile> {
  const file = await source.open(shard);
  if (!file) throw new InputError(`${source.name} lacks ${shard}, which model.safetensors.index.json names.`);
  return openSafetensors(file, `${source.name}/${shard}`);
}

/** Names the first few tensors that are missing or of the wrong shape, and how many there are. */
function checkShapes(shapes: Map<string, number[]>, files: SafetensorsFile[], name: string): void {
  const problems: string[] = [];
  for (const [tensor, shape] of shapes) {
    const found = files.map(({ entries }) => entries.get(tensor)).find(Boolean)?.shape;
    if (!found) problems.push(`${tensor} of shape [${shape}] is missing`);
    else if (String(found) !== String(shape))
      problems.push(`${tensor} has shape [${found}] instead of [${shape}]`);
  }
  if (problems.length === 0) return;
  const more = problems.length > 3 ? `; and ${problems.length - 3} more of ${shapes.size} tensors` : '';
  throw new InputError(
    `${name}: the weights do not fit config.json: ${problems.slice(0, 3).join('; ')}${more}.`,
  );
}

/** The files of a checkpoint folder in the Hugging Face layout, by name; weights in single precision. */
export async function saveCheckpoint(checkpoint: Checkpoint): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const { config, rawConfig, preprocessor, tensors, tokenizerFiles } = checkpoint;
  const json = (value: unknown) => new TextEncoder().encode(`${JSON.stringify(value, null, 2)}\n`);
  const files = new Map([
    ['config.json', json(completeRawConfig(rawConfig, config))],
    ['model.safetensors', writeSafetensors(tensors, { metadata: { format: 'pt' } })],
    ['preprocessor_config.json', json(rawPreprocessor(preprocessor))],
  ]);
  for (const [name, file] of tokenizerFiles) files.set(name, new Uint8Array(await file.arrayBuffer()));
  return files;
}
