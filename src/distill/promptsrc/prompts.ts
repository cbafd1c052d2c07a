import type { Checkpoint } from '../../clip/checkpoint';
import type { ClipConfig, TowerConfig } from '../../clip/config';
import { checkIsClip } from '../../clip/families/families';
import { endPositions, tokenEmbeddings } from '../../clip/textTower';
import { loadTokenizer } from '../../clip/tokenizer';
import type { Dataset } from '../../data/dataset';
import { withPromptTemplate } from '../../data/promptTemplate';
import { InputError } from '../../files/folder';
import { Random } from '../../files/random';
import { writeSafetensors } from '../../files/safetensors';
import type { HostTensors } from '../../files/tensors';
import { drawPrompts } from '../prompts';
import type { TeacherPrompts } from '../teacher';
import type { TensorFile } from '../tensorFile';

/** PromptSRC's own. */
export const DEFAULT_WORDS = 'a photo of a';

export interface PromptSizes {
  tokens: number;
  /** Layers that get prompts; of a tower with fewer, all. */
  depth: number;
  words: string;
}

/** What an adapted teacher is asked: "a photo of a NAME.", whatever the data's own template. */
export const wordsTemplate = (words: string): string => `${words} {}.`;

/**
 * The data with the texts that an adapted teacher is asked.
 *
 * @throws InputError where it has captions
 */
export function withAdaptedTexts(dataset: Dataset, { words }: TeacherPrompts): Dataset {
  if (dataset.classes.length > 0) return withPromptTemplate(dataset, wordsTemplate(words));
  throw new InputError(
    `${dataset.name} has captions, but an adapted teacher (teacherPrompts) reads class names only; leave teacherPrompts out, or take data with classes.`,
  );
}

/** Keeps these random numbers apart from a student's of the same seed. */
const PROMPT_STREAM = 5;

/**
 * Starting values: N(0, 0.02²), but the text tower's first layer starts as the words' own token embeddings.
 *
 * @throws InputError where the words have fewer tokens than there are prompts, whose place the class name would be
 */
export async function initialTeacherPrompts(
  checkpoint: Checkpoint,
  { tokens, depth, words }: PromptSizes,
  seed: number,
): Promise<TeacherPrompts> {
  const { config, tensors } = checkpoint;
  const random = Random.keyed(seed, PROMPT_STREAM);
  const visual = drawPrompts(random, config.vision, depth, tokens);
  const text = drawPrompts(random, textConfig(config), depth, tokens);
  const own = await tokenEmbeddings(tensors, (await tokensOf(checkpoint, words)).slice(0, tokens));
  text.data.set(own.data);
  return { visual, text, words };
}

/** @throws InputError where the words have fewer tokens than prompts take the place of, or leave no room for a name */
export async function checkWords(
  checkpoint: Checkpoint,
  { tokens, words }: Omit<PromptSizes, 'depth'>,
): Promise<void> {
  checkIsClip(checkpoint, 'adapting a teacher');
  const { length } = await tokensOf(checkpoint, words);
  if (length < tokens)
    throw new InputError(
      `promptWords “${words}” is ${length} tokens long and promptTokens is ${tokens}: the prompts would take the place of ` +
        `the class names. Use longer words, or a promptTokens of at most ${length}.`,
    );
  const room = textConfig(checkpoint.config).maxPositionEmbeddings - 2;
  if (length >= room)
    throw new InputError(
      `promptWords “${words}” leaves no room for a class name: ${checkpoint.name} reads ${room} tokens; use shorter words.`,
    );
}

/** The words' tokens without those that mark start and end. */
async function tokensOf(checkpoint: Checkpoint, words: string): Promise<number[]> {
  const { maxPositionEmbeddings: context, eosTokenId } = textConfig(checkpoint.config);
  const { ids } = (await loadTokenizer(checkpoint)).encode([words]);
  const [end] = endPositions(ids, context, eosTokenId);
  return [...ids.subarray(1, end)];
}

function textConfig({ text }: ClipConfig) {
  if (!text) throw new InputError('This teacher has no text tower, so it can’t be adapted to class names.');
  return text;
}

/** What the prompts are called in a file and while they are trained. */
export const VISUAL_PROMPTS = 'visual_prompts';
export const TEXT_PROMPTS = 'text_prompts';

export const promptTensors = ({ visual, text }: Omit<TeacherPrompts, 'words'>): HostTensors => ({
  [VISUAL_PROMPTS]: visual,
  [TEXT_PROMPTS]: text,
});

/** `prompts.safetensors`. */
export function writeTeacherPrompts(prompts: TeacherPrompts): Uint8Array<ArrayBuffer> {
  return writeSafetensors(promptTensors(prompts), { metadata: { promptWords: prompts.words } });
}

/**
 * Takes a teacher's prompts out of a file.
 *
 * @throws InputError where they are missing or don't fit the teacher
 */
export function readTeacherPrompts(
  { metadata, ...file }: TensorFile & { metadata: Record<string, string> },
  config: ClipConfig,
): TeacherPrompts {
  const { promptWords: words = DEFAULT_WORDS } = metadata;
  return { ...checkTeacherPrompts(file, config), words };
}

/**
 * Both towers' prompts in a file.
 *
 * @param sizes that they must have; any that fits the teacher where undefined
 * @throws InputError naming the tensor that is missing or of another shape
 */
export function checkTeacherPrompts(
  { name: file, tensors }: TensorFile,
  config: ClipConfig,
  sizes?: Omit<PromptSizes, 'words'>,
): Omit<TeacherPrompts, 'words'> {
  const find = (key: string, { numHiddenLayers: layers, hiddenSize: width }: TowerConfig) => {
    const tensor = tensors[key];
    const [depth = 0, n = 0, wide, ...more] = tensor?.shape ?? [];
    const fits = depth > 0 && depth <= layers && n > 0 && wide === width && more.length === 0;
    const asked = sizes && [Math.min(sizes.depth, layers), sizes.tokens];
    if (tensor && fits && (!asked || (depth === asked[0] && n === asked[1]))) return tensor;
    const found = tensor ? `has the shape [${tensor.shape.join(', ')}]` : 'is missing';
    const right = asked
      ? `[${[...asked, width].join(', ')}]`
      : `[at most ${layers} layers, tokens, ${width}]`;
    throw new InputError(`${file}: the tensor ${key} ${found}; for this teacher it must be ${right}.`);
  };
  return { visual: find(VISUAL_PROMPTS, config.vision), text: find(TEXT_PROMPTS, textConfig(config)) };
}
