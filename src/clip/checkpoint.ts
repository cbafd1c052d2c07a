import { z } from 'zod';
import { subfolder } from '../files/blobs';
import { type FileSource, type Folder, InputError } from '../files/folder';
import { encodeJson, parseJson, readJson } from '../files/json';
import { streamSafetensors } from '../files/safetensors';
import { onlyFinite, type TensorSource } from '../files/tensors';
import type { ClipConfig, RawConfig } from './config';
import { parseConfig, rawConfigOf, type TimmFamily } from './families/families';
import { assumptions, inferConfig } from './inferConfig';
import { checkShapes, StoredWeights } from './layout';
import { type OpenClipDescription, parseOpenClipConfig } from './openclip';
import { resizePositions } from './positions';
import { type Preprocessor, parsePreprocessor, rawPreprocessor } from './preprocess';
import { clipShapes } from './shapes';
import { STANDARD_VOCABULARY, standardTokenizer } from './standardTokenizer';
import type { TokenizerFiles } from './tokenizer';
import { whyUnsupported } from './unsupported';
import { openWeightFiles, STEMS } from './weightFiles';

/** A CLIP of which all is known but its weights' numbers; these are read when asked for. */
export interface Checkpoint {
  /** What the user calls it. */
  name: string;
  config: ClipConfig;
  /** The contents of its `config.json`; what `config` has need not be in it. */
  rawConfig: RawConfig;
  preprocessor: Preprocessor;
  /** By the names of Hugging Face's CLIPModel. */
  tensors: TensorSource;
  tokenizerFiles: TokenizerFiles;
  /** Its texts are cleaned before the merges, as in open_clip's and OpenAI's layout. */
  cleansTexts: boolean;
  /** How its file holds floats: 'F32', 'F16', 'BF16'. */
  dtype: string;
  /** What the user should know though nothing failed, a sentence each. */
  notices: string[];
}

export interface LoadOptions {
  /** Whether the text tower is needed (true), left out (false), or taken where there is one. */
  text?: boolean | 'if present';
}

const CONFIG = 'config.json';
/** Of a config.json that this project writes: its model was open_clip's, and so cleans its texts. */
const CLEANS_TEXTS = 'cleans_texts';
const OPEN_CLIP_CONFIG = 'open_clip_config.json';

/** Of a file that describes a model; they have a few thousand. */
const MOST_BYTES = 2 ** 24;

/** So many tensors that are not the model's are worth a notice. */
const MANY_UNUSED = 10;

/**
 * Opens a checkpoint in Hugging Face's layout or in open_clip's, or bare weights of either; in a folder it may lie one
 * folder deep. The weights stay where they are until they are read.
 *
 * @throws InputError naming what is missing, of the wrong shape or not supported, and what would be right
 */
export async function loadCheckpoint(
  place: FileSource | Folder,
  { text = true }: LoadOptions = {},
): Promise<Checkpoint> {
  const source = await findCheckpoint(place);
  const described = await readDescription(source);
  const stems = [STEMS.huggingFace, STEMS.openClip];
  const files = await openWeightFiles(source, described.isOpenClip ? stems.toReversed() : stems);
  const weights = new StoredWeights(files, described.family);
  const why = whyUnsupported({ names: weights.storedNames, isDescribed: described.config !== undefined });
  if (why) throw new InputError(`${source.name} ${why}`);

  const notices: string[] = [];
  const shapeOf = (name: string) => weights.shapeOf(name);
  const whole =
    (typeof described.config === 'function' ? described.config(shapeOf) : described.config) ??
    inferConfig(shapeOf, weights.isOpenClip, source.name);
  if (!described.config) notices.push(assumptions(whole, source.name));
  const unused = weights.countUnused(clipShapes(whole).keys());
  if (unused >= MANY_UNUSED)
    notices.push(`${source.name} holds ${unused} tensors that are not of this model; they are left out.`);

  const config = { ...whole, text: textTower(whole, weights, text, source.name) };
  const stored = { ...config, vision: { ...config.vision, imageSize: storedImageSize(config, weights) } };
  const shapes = clipShapes(stored);
  checkShapes(shapes, weights, source.name);
  const tokenizer = await openTokenizer(source, config);
  if (tokenizer.isStandard)
    notices.push(`${source.name} has no tokenizer of its own; CLIP's standard one is used.`);
  const checkpoint: Checkpoint = {
    name: source.name,
    config: stored,
    rawConfig: described.rawConfig,
    preprocessor: await readPreprocessor(source, config.vision.imageSize, described.rawPreprocessor),
    tensors: onlyFinite({ shapes, pieces: (name) => weights.pieces(name) }, source.name),
    tokenizerFiles: tokenizer.files,
    cleansTexts: described.isOpenClip || weights.isOpenClip || described.rawConfig[CLEANS_TEXTS] === true,
    dtype: weights.dtypeOf('vision_model.embeddings.patch_embedding.weight') ?? 'F32',
    notices,
  };
  const { size } = checkpoint.preprocessor;
  return size === stored.vision.imageSize ? checkpoint : resizePositions(checkpoint, size);
}

async function findCheckpoint(place: FileSource | Folder): Promise<FileSource | Folder> {
  if ((await place.open(CONFIG)) || (await place.open(OPEN_CLIP_CONFIG))) return place;
  const paths = 'paths' in place ? await place.paths() : [];
  const inside = paths.filter((path) => /^[^/]+\/(open_clip_)?config\.json$/.test(path));
  const folders = [...new Set(inside.map((path) => path.slice(0, path.indexOf('/'))))];
  if ('paths' in place && folders.length === 1) return subfolder(place, folders[0]);
  if (folders.length > 1) {
    throw new InputError(
      `${place.name} holds ${folders.length} checkpoints (${folders.join(', ')}); give one of them.`,
    );
  }
  // Of pickles alone, too, it is said what can be done with them.
  if (paths.some((path) => /^[^/]+\.(safetensors|bin|pt|pth|ckpt)$/.test(path))) return place;
  throw new InputError(
    `${place.name} is not a checkpoint folder: it has no config.json. ` +
      'A CLIP in the Hugging Face layout has config.json, model.safetensors and tokenizer.json; ' +
      'one of open_clip has open_clip_config.json and open_clip_model.safetensors.',
  );
}

/** What files say of a model beside its weights. */
interface Description {
  /** Undefined where no file tells the sizes. */
  config?: OpenClipDescription['config'];
  family?: TimmFamily;
  rawConfig: RawConfig;
  /** In the form of `preprocessor_config.json`, which counts before it. */
  rawPreprocessor: Record<string, unknown>;
  isOpenClip: boolean;
}

export async function readDescription(source: FileSource): Promise<Description> {
  const rawConfig = await readRecord(source, CONFIG);
  const modelType = z.string().safeParse(rawConfig?.['model_type']).data;
  const why = whyUnsupported({ modelType });
  if (why) throw new InputError(`${source.name} ${why}`);
  // timm's repositories, and some makers', have a config.json without sizes beside open_clip's.
  const openClip =
    rawConfig && 'vision_config' in rawConfig ? undefined : await readRecord(source, OPEN_CLIP_CONFIG);
  if (openClip) {
    const { preprocessor, ...described } = parseOpenClipConfig(
      openClip,
      `${source.name}/${OPEN_CLIP_CONFIG}`,
    );
    return { ...described, rawConfig: {}, rawPreprocessor: preprocessor, isOpenClip: true };
  }
  if (!rawConfig) return { rawConfig: {}, rawPreprocessor: {}, isOpenClip: false };
  const config = parseConfig(rawConfig, `${source.name}/${CONFIG}`);
  return { config, rawConfig, rawPreprocessor: {}, isOpenClip: false };
}

async function readRecord(source: FileSource, name: string): Promise<Record<string, unknown> | undefined> {
  const path = `${source.name}/${name}`;
  const file = await source.open(name);
  return file && parseJson(z.record(z.string(), z.unknown()), await readJson(file, path, MOST_BYTES), path);
}

function textTower(
  { text }: ClipConfig,
  weights: StoredWeights,
  wanted: boolean | 'if present',
  where: string,
): ClipConfig['text'] {
  if (!wanted) return undefined;
  const isThere = weights.shapeOf('text_model.embeddings.token_embedding.weight') !== undefined;
  if (wanted === true && !text)
    throw new InputError(`${where} has no text tower: its config.json lacks text_config.`);
  return wanted === 'if present' && !isThere ? undefined : text;
}

/** The image size that the stored position embedding is for; the configuration's where they agree. */
function storedImageSize({ vision }: ClipConfig, weights: StoredWeights): number {
  const { imageSize, patchSize, form } = vision;
  const apart = form.hasClassToken ? 1 : 0;
  const [positions = apart] = weights.shapeOf('vision_model.embeddings.position_embedding.weight') ?? [];
  const grid = Math.sqrt(positions - apart);
  const fits = grid === Math.floor(imageSize / patchSize);
  return fits || grid < 1 || !Number.isInteger(grid) ? imageSize : grid * patchSize;
}

async function readPreprocessor(
  source: FileSource,
  imageSize: number,
  fallback: Record<string, unknown>,
): Promise<Preprocessor> {
  // Since its fifth version, transformers keeps it in the processor's file, which counts before an older one.
  const processor = (await readRecord(source, 'processor_config.json'))?.['image_processor'];
  if (processor !== undefined)
    return parsePreprocessor(processor, imageSize, `${source.name}/processor_config.json: image_processor`);
  const raw = await readRecord(source, 'preprocessor_config.json');
  return parsePreprocessor(raw ?? fallback, imageSize, `${source.name}/preprocessor_config.json`);
}

/** The checkpoint's own tokenizer, or CLIP's standard one where it has none and its vocabulary is as large. */
async function openTokenizer(
  source: FileSource,
  { text }: ClipConfig,
): Promise<{ files: TokenizerFiles; isStandard: boolean }> {
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
  const isStandard = files.size === 0 && text?.vocabSize === STANDARD_VOCABULARY;
  if (isStandard) return { files: await standardTokenizer(), isStandard };
  await add('tokenizer_config.json');
  return { files, isStandard };
}

/** The files of a checkpoint folder in the Hugging Face layout, by name; weights in single precision. */
export async function saveCheckpoint(checkpoint: Checkpoint): Promise<Map<string, Uint8Array<ArrayBuffer>>> {
  const { config, preprocessor, tensors, tokenizerFiles, cleansTexts } = checkpoint;
  const rawConfig = { ...checkpoint.rawConfig, ...(cleansTexts && { [CLEANS_TEXTS]: true }) };
  const { size, chunks } = streamSafetensors(tensors, { metadata: { format: 'pt' } });
  const weights = new Uint8Array(size);
  let at = 0;
  for await (const chunk of chunks) {
    weights.set(chunk, at);
    at += chunk.length;
  }
  const files = new Map([
    ['config.json', encodeJson(rawConfigOf(rawConfig, config))],
    ['model.safetensors', weights],
    ['preprocessor_config.json', encodeJson(rawPreprocessor(preprocessor))],
  ]);
  for (const [name, file] of tokenizerFiles) files.set(name, new Uint8Array(await file.arrayBuffer()));
  return files;
}
