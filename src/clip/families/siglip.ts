import { z } from 'zod';
import { InputError } from '../../files/folder';
import { parseJson } from '../../files/json';
import {
  activation,
  type ClipConfig,
  checkPatches,
  type RawConfig,
  rawTower,
  section,
  sizes,
  type TextForm,
  towerConfig,
  type VisionForm,
} from '../config';
import type { Place } from '../place';
import { timmPlace } from './timm';

// SigLIP (Zhai et al. 2023) and SigLIP 2 (Tschannen et al. 2025) differ from CLIP by what follows, and by their loss.

const SIGLIP_VISION: VisionForm = {
  family: 'SigLIP',
  hasClassToken: false,
  hasPatchBias: true,
  hasPreNorm: false,
  pooling: 'attention',
  hasProjection: false,
  hasProjectionBias: false,
  layers: 'CLIP',
};

/** The parts of its attention pooling: ours, timm's. */
const POOL: Record<string, string> = {
  'head.probe': 'attn_pool.latent',
  'head.attention.out_proj': 'attn_pool.proj',
  'head.layernorm': 'attn_pool.norm',
  'head.mlp.fc1': 'attn_pool.mlp.fc1',
  'head.mlp.fc2': 'attn_pool.mlp.fc2',
};

const replace = (pattern: object, content: string) => ({ type: 'Replace', pattern, content });
const LOWER_CASE = { type: 'Lowercase' };
const WITHOUT_PUNCTUATION = [
  replace({ Regex: '[!"#$%&\'()*+,\\-./:;<=>?@\\[\\\\\\]^_`{|}~]' }, ''),
  replace({ Regex: '\\s+' }, ' '),
  { type: 'Strip', strip_left: true, strip_right: true },
];

/** SigLIP 2's vocabulary is Gemma's, and keeps punctuation. */
const GEMMA_VOCABULARY = 256_000;

/** All tokens see all, padding too; the feature is the last one's, of a fixed number. */
const textForm = (normalizers: object[]): TextForm => ({
  isCausal: false,
  projection: 'text_model.head',
  normalizers,
});

const tower = {
  hidden_size: sizes.width.default(768),
  intermediate_size: sizes.width.default(3072),
  num_hidden_layers: sizes.layers.default(12),
  num_attention_heads: sizes.width.default(12),
  hidden_act: activation.default('gelu_pytorch_tanh'),
  layer_norm_eps: z.number().positive().max(1).default(1e-6),
};

// Defaults are those of transformers' SiglipConfig; the files leave out what equals them.
const visionSchema = z.object({
  ...tower,
  image_size: sizes.edge.default(224),
  patch_size: sizes.edge.default(16),
  num_channels: z.literal(3).default(3),
  vision_use_head: z.literal(true, 'only true can be used: the head is what pools').default(true),
});

const textSchema = z.object({
  ...tower,
  vocab_size: sizes.vocabulary.default(32000),
  max_position_embeddings: sizes.positions.default(64),
  projection_size: sizes.width.optional(),
});

const VISION_ALONE = 'siglip_vision_model';
const schema = z.looseObject({ model_type: z.string(), vision_config: section, text_config: section });

export const isSiglip = (modelType: unknown): boolean => modelType === 'siglip' || modelType === VISION_ALONE;

/**
 * Sizes from the contents of a SigLIP's `config.json`; `where` begins the error messages.
 *
 * @throws InputError for what transformers' SiglipModel would not be, either
 */
export function parseSiglipConfig(raw: RawConfig, where: string): ClipConfig {
  const { model_type, vision_config, text_config } = parseJson(schema, raw, where);
  const isAlone = model_type === VISION_ALONE;
  const vision = parseJson(visionSchema, isAlone ? raw : (vision_config ?? {}), `${where}: vision_config`);
  const text = isAlone ? undefined : parseJson(textSchema, text_config ?? {}, `${where}: text_config`);
  checkPatches(vision.image_size, vision.patch_size, where);
  const projectionDim = text ? (text.projection_size ?? text.hidden_size) : vision.hidden_size;
  if (projectionDim !== vision.hidden_size)
    throw new InputError(
      `${where} describes a SigLIP whose texts have ${projectionDim} features and whose images ${vision.hidden_size}; as many would be right.`,
    );
  return {
    vision: {
      ...towerConfig(vision, `${where}: vision_config`),
      imageSize: vision.image_size,
      patchSize: vision.patch_size,
      form: SIGLIP_VISION,
    },
    text: text && {
      ...towerConfig(text, `${where}: text_config`),
      vocabSize: text.vocab_size,
      maxPositionEmbeddings: text.max_position_embeddings,
      eosTokenId: 1,
      form: textForm([LOWER_CASE, ...(text.vocab_size === GEMMA_VOCABULARY ? [] : WITHOUT_PUNCTUATION)]),
    },
    projectionDim,
  };
}

/** The `config.json` of a SigLIP's image tower alone, transformers' SiglipVisionModel. */
export function rawSiglipVision({ vision }: ClipConfig): RawConfig {
  return {
    architectures: ['SiglipVisionModel'],
    model_type: VISION_ALONE,
    dtype: 'float32',
    ...rawTower(vision),
    num_channels: 3,
    image_size: vision.imageSize,
    patch_size: vision.patchSize,
  };
}

/** SigLIP in open_clip's layout: its image tower is timm's, its text tower open_clip's own with these options. */
export const siglipInOpenClip = {
  timmName: /^vit_(base|large|so400m|giantopt)_patch\d+_siglip_\d+$/,
  form: SIGLIP_VISION,
  hiddenAct: (timmName: string) =>
    /giantopt|base_patch32/.test(timmName) ? ('gelu_pytorch_tanh' as const) : ('gelu' as const),
  headSize: (timmName: string) => (/so400m/.test(timmName) ? 72 : /giantopt/.test(timmName) ? 96 : 64),
  layerNormEps: 1e-6,
  visionOptions: { timm_pool: ['map'], timm_proj: ['none'] },
  textOptions: { pool_type: ['last'], no_causal_mask: [true], proj_bias: [true] },
  // As open_clip's `canonicalize` does it.
  textForm: textForm([replace({ String: '_' }, ' '), ...WITHOUT_PUNCTUATION, LOWER_CASE]),
  place(name: string): Place {
    const [, part, kind] = /^vision_model\.(head\..*?)(\.weight|\.bias|)$/.exec(name) ?? [];
    const inProjection = /^head\.attention\.in_proj_(weight|bias)$/.exec(part ?? '')?.[1];
    if (inProjection) {
      const own = (projection: string) => `visual.trunk.attn_pool.${projection}.${inProjection}`;
      return { name: own('q'), followedBy: own('kv') };
    }
    return part in POOL ? { name: `visual.trunk.${POOL[part]}${kind}` } : timmPlace(name);
  },
};
