import { z } from 'zod';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import type { Activation } from '../ops/activation';

/** One transformer tower's sizes, with the names of Hugging Face's `config.json` in camel case. */
export interface TowerConfig {
  hiddenSize: number;
  intermediateSize: number;
  numHiddenLayers: number;
  numAttentionHeads: number;
  hiddenAct: Activation;
  layerNormEps: number;
}

export interface VisionConfig extends TowerConfig {
  imageSize: number;
  patchSize: number;
  form: VisionForm;
}

/** What an image tower is built of beside its layers. */
export interface VisionForm {
  /** What models like it are called. */
  family: string;
  /** Stands before the patches, with a position of its own. */
  hasClassToken: boolean;
  hasPatchBias: boolean;
  /** A norm before the first layer. */
  hasPreNorm: boolean;
  /** The feature is what becomes of the class token, or what a learnt query finds in all tokens (attention pooling). */
  pooling: 'class token' | 'attention';
  hasProjection: boolean;
  hasProjectionBias: boolean;
  /** Whose layers it has. */
  layers: 'CLIP' | 'EVA-02';
}

/** CLIP's ViT (Radford et al. 2021). */
export const CLIP_VISION: VisionForm = {
  family: 'CLIP',
  hasClassToken: true,
  hasPatchBias: false,
  hasPreNorm: true,
  pooling: 'class token',
  hasProjection: true,
  hasProjectionBias: false,
  layers: 'CLIP',
};

export interface TextConfig extends TowerConfig {
  vocabSize: number;
  /** The longest text in tokens, start and end included. */
  maxPositionEmbeddings: number;
  /** 2 means the older rule: the text's feature stands at the token with the largest id. */
  eosTokenId: number;
  form: TextForm;
}

/** What a text tower is built of beside its layers. */
export interface TextForm {
  /** No token sees those behind it, and the feature stands at the text's end; else all see all, and it stands at the last. */
  isCausal: boolean;
  /** The last layer: `text_projection`, a matrix, or `text_model.head`, which has a bias. */
  projection: 'text_projection' | 'text_model.head';
  /** Normalizers, as `tokenizer.json` has them, that texts go through before the tokenizer's own. */
  normalizers: object[];
}

/** CLIP's text transformer. */
export const CLIP_TEXT: TextForm = { isCausal: true, projection: 'text_projection', normalizers: [] };

/** Sizes of a CLIP with ViT towers. A student that starts from random weights may have no text tower. */
export interface ClipConfig {
  vision: VisionConfig;
  text?: TextConfig;
  projectionDim: number;
}

/** The contents of a `config.json`. */
export type RawConfig = Record<string, unknown>;

/** Limits of sizes, some times those of the largest CLIPs; what is beyond them would fill the memory or never end. */
const MOST = { width: 2 ** 16, layers: 256, vocabulary: 2 ** 21, positions: 2 ** 13, edge: 2 ** 12 };

/** Patches that an image may be cut into; attention takes their square in memory. */
const MOST_PATCHES = 2 ** 13;

const sizeUpTo = (most: number) => z.int().positive().max(most);

export const sizes = {
  width: sizeUpTo(MOST.width),
  layers: sizeUpTo(MOST.layers),
  vocabulary: sizeUpTo(MOST.vocabulary),
  positions: sizeUpTo(MOST.positions),
  /** Of images and patches, in pixels. */
  edge: sizeUpTo(MOST.edge),
};

/** An activation by transformers' name; two of its names mean the same. */
export const activation = z
  .enum(['quick_gelu', 'gelu', 'gelu_pytorch_tanh', 'gelu_new'])
  .transform((name): Activation => (name === 'gelu_new' ? 'gelu_pytorch_tanh' : name));

const towerKeys = {
  num_hidden_layers: sizes.layers.default(12),
  hidden_act: activation.default('quick_gelu'),
  layer_norm_eps: z.number().positive().max(1).default(1e-5),
};

// Defaults are those of transformers' CLIPConfig; the files leave out what equals them.
const visionSchema = z.object({
  ...towerKeys,
  hidden_size: sizes.width.default(768),
  intermediate_size: sizes.width.default(3072),
  num_attention_heads: sizes.width.default(12),
  image_size: sizes.edge.default(224),
  patch_size: sizes.edge.default(32),
  num_channels: z.literal(3).default(3),
});

const textSchema = z.object({
  ...towerKeys,
  hidden_size: sizes.width.default(512),
  intermediate_size: sizes.width.default(2048),
  num_attention_heads: sizes.width.default(8),
  vocab_size: sizes.vocabulary.default(49408),
  max_position_embeddings: sizes.positions.default(77),
  eos_token_id: z
    .union([z.int().nonnegative(), z.tuple([z.int().nonnegative()]).transform(([id]) => id)])
    .default(49407),
});

export const section = z.record(z.string(), z.unknown()).nullish();

const clipSchema = z.looseObject({
  model_type: z.string().optional(),
  projection_dim: sizes.width.default(512),
  vision_config: section,
  vision_config_dict: section,
  text_config: section,
  text_config_dict: section,
});

/**
 * Sizes from the contents of a Hugging Face `config.json`; `where` begins the error messages.
 * Without a `text_config` the result has no text tower. Throws InputError for other kinds of model.
 */
export function parseClipConfig(raw: unknown, where: string): ClipConfig {
  const config = parseJson(clipSchema, raw, where);
  if (config.model_type === 'clip_text_model')
    throw new InputError(
      `${where} describes a text tower alone, which has no image tower; give the whole CLIP.`,
    );
  if (config.model_type === 'clip_vision_model') {
    const { projection_dim } = config;
    return parseClipConfig({ model_type: 'clip', projection_dim, vision_config: config }, where);
  }
  if (config.model_type !== undefined && config.model_type !== 'clip') {
    throw new InputError(
      `${where} describes a model of the type "${config.model_type}"; only "clip" with ViT towers can be used.`,
    );
  }
  if (!config.vision_config) {
    throw new InputError(`${where} has no vision_config, so it is not the config.json of a CLIP.`);
  }
  // Older files hold what differs from the defaults a second time, under *_dict, and all else there is the default.
  const vision = parseJson(
    visionSchema,
    config.vision_config_dict ?? config.vision_config,
    `${where}: vision_config`,
  );
  const text =
    config.text_config &&
    parseJson(textSchema, config.text_config_dict ?? config.text_config, `${where}: text_config`);
  checkPatches(vision.image_size, vision.patch_size, where);
  return {
    vision: {
      ...towerConfig(vision, `${where}: vision_config`),
      imageSize: vision.image_size,
      patchSize: vision.patch_size,
      form: CLIP_VISION,
    },
    text: text
      ? {
          ...towerConfig(text, `${where}: text_config`),
          vocabSize: text.vocab_size,
          maxPositionEmbeddings: text.max_position_embeddings,
          eosTokenId: text.eos_token_id,
          form: CLIP_TEXT,
        }
      : undefined,
    projectionDim: config.projection_dim,
  };
}

/** @throws InputError where an image gives no patch, or more than any machine could compare with one another */
export function checkPatches(imageSize: number, patchSize: number, where: string): void {
  const patches = Math.floor(imageSize / patchSize) ** 2;
  if (patches > 0 && patches <= MOST_PATCHES) return;
  const found = patches === 0 ? 'no whole patch' : `${patches.toLocaleString('en-GB')} patches`;
  throw new InputError(
    `${where}: images of ${imageSize} pixels give ${found} of ${patchSize}; 1 to ${MOST_PATCHES.toLocaleString('en-GB')} would be right.`,
  );
}

/** A tower's own names in `config.json`. */
interface RawTower {
  hidden_size: number;
  intermediate_size: number;
  num_hidden_layers: number;
  num_attention_heads: number;
  hidden_act: Activation;
  layer_norm_eps: number;
}

/** @throws InputError where the heads don't share the width evenly */
export function towerConfig(tower: RawTower, where: string): TowerConfig {
  if (tower.hidden_size % tower.num_attention_heads !== 0) {
    throw new InputError(
      `${where}: hidden_size ${tower.hidden_size} is not a multiple of num_attention_heads ${tower.num_attention_heads}.`,
    );
  }
  return {
    hiddenSize: tower.hidden_size,
    intermediateSize: tower.intermediate_size,
    numHiddenLayers: tower.num_hidden_layers,
    numAttentionHeads: tower.num_attention_heads,
    hiddenAct: tower.hidden_act,
    layerNormEps: tower.layer_norm_eps,
  };
}

/** A `config.json` for this model with every size written out; what `raw` has beside them is kept. */
export function completeRawConfig(raw: RawConfig, config: ClipConfig): RawConfig {
  const { vision, text, projectionDim } = config;
  const kept = Object.fromEntries(
    Object.entries(raw).filter(([key]) => !key.endsWith('_config_dict') && key !== 'text_config'),
  );
  return {
    ...kept,
    architectures: [text ? 'CLIPModel' : 'CLIPVisionModelWithProjection'],
    model_type: 'clip',
    projection_dim: projectionDim,
    // The name before transformers 5, and the one since.
    torch_dtype: 'float32',
    dtype: 'float32',
    vision_config: {
      ...withoutTypes(raw['vision_config']),
      ...rawTower(vision),
      model_type: 'clip_vision_model',
      num_channels: 3,
      image_size: vision.imageSize,
      patch_size: vision.patchSize,
      projection_dim: projectionDim,
    },
    ...(text && {
      text_config: {
        ...withoutTypes(raw['text_config']),
        ...rawTower(text),
        model_type: 'clip_text_model',
        vocab_size: text.vocabSize,
        max_position_embeddings: text.maxPositionEmbeddings,
        eos_token_id: text.eosTokenId,
        projection_dim: projectionDim,
      },
    }),
  };
}

export function rawTower(tower: TowerConfig): RawTower {
  return {
    hidden_size: tower.hiddenSize,
    intermediate_size: tower.intermediateSize,
    num_hidden_layers: tower.numHiddenLayers,
    num_attention_heads: tower.numAttentionHeads,
    hidden_act: tower.hiddenAct,
    layer_norm_eps: tower.layerNormEps,
  };
}

/** A tower's section; what type its weights had is of the file that they came from. */
function withoutTypes(section: unknown): RawConfig {
  const { dtype, torch_dtype, ...others }: RawConfig = Object(section);
  return others;
}
