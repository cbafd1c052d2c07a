import { z } from 'zod';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import {
  CLIP_TEXT,
  CLIP_VISION,
  type ClipConfig,
  checkPatches,
  sizes,
  type TowerConfig,
  type VisionConfig,
} from './config';
import { type TimmFamily, timmFamily } from './families/families';
import { timmSizes } from './families/timm';
import { type Place, THIRDS } from './place';

const pair = z.union([
  sizes.edge,
  z.tuple([sizes.edge, sizes.edge]).refine(([a, b]) => a === b, 'only squares can be used'),
]);

const towerKeys = {
  layers: z.union([sizes.layers, z.array(sizes.layers)]).default(12),
  mlp_ratio: z.number().positive().max(64).default(4),
  norm_kwargs: z.object({ eps: z.number().positive().max(1).default(1e-5) }).prefault({}),
  act_kwargs: z
    .strictObject({ approximate: z.literal('tanh') }, 'only {"approximate": "tanh"} can be used')
    .optional(),
};

// Defaults are those of open_clip's CLIPVisionCfg and CLIPTextCfg.
const visionSchema = z.looseObject({
  ...towerKeys,
  width: sizes.width.default(768),
  head_width: sizes.width.default(64),
  patch_size: pair.default(16),
  image_size: pair.default(224),
});

const textSchema = z.looseObject({
  ...towerKeys,
  width: sizes.width.default(512),
  heads: sizes.width.default(8),
  context_length: sizes.positions.default(77),
  vocab_size: sizes.vocabulary.default(49408),
});

const preprocessSchema = z.object({
  preprocess_cfg: z
    .object({
      mean: z.unknown().optional(),
      std: z.unknown().optional(),
      interpolation: z
        .enum(['bicubic', 'bilinear'], 'only "bicubic" and "bilinear" can be used')
        .default('bicubic'),
      resize_mode: z
        .enum(['shortest', 'squash'], 'only "shortest" and "squash" can be used')
        .default('shortest'),
    })
    .prefault({}),
});

const schema = z.object({
  model_cfg: z.object({
    embed_dim: sizes.width,
    quick_gelu: z.boolean().default(false),
    vision_cfg: visionSchema,
    text_cfg: textSchema,
  }),
});

/** Options of open_clip's towers that change what they compute, with the values that leave it CLIP's. Null is as nothing. */
const PLAIN: Record<string, unknown[]> = {
  timm_model_name: [''],
  hf_model_name: [''],
  attentional_pool: [false],
  global_average_pool: [false],
  pool_type: ['tok', 'argmax'],
  pos_embed_type: ['learnable'],
  ls_init_value: [],
  no_ln_pre: [false],
  input_patchnorm: [false],
  final_ln_after_pool: [false],
  embed_cls: [false],
  no_causal_mask: [false],
  proj_type: ['linear'],
  proj_bias: [false],
  qk_norm: [false],
  scaled_cosine_attn: [false],
  scale_heads: [false],
  scale_attn_inner: [false],
  scale_attn: [false],
  scale_fc: [false],
};

/** By the names of Hugging Face's CLIPModel. */
type ShapeOf = (name: string) => number[] | undefined;

export interface OpenClipDescription {
  /** Where its image tower is timm's, what of its sizes the configuration leaves to the tower's name is read from the weights. */
  config: ClipConfig | ((shapeOf: ShapeOf) => ClipConfig);
  /** In the form of `preprocessor_config.json`. */
  preprocessor: Record<string, unknown>;
  /** Of an image tower of timm's. */
  family?: TimmFamily;
}

/**
 * What an `open_clip_config.json` says; `where` begins the error messages.
 *
 * @throws InputError for towers that compute something else than CLIP's, or those of the families that are known
 */
export function parseOpenClipConfig(raw: unknown, where: string): OpenClipDescription {
  const written = z.record(z.string(), z.unknown()).safeParse(withoutNulls(raw)).data ?? {};
  if ('multimodal_cfg' in written || 'multimodal_cfg' in Object(written['model_cfg']))
    throw new InputError(
      `${where} describes a CoCa, a CLIP that also writes captions, which is not supported. Use a plain CLIP.`,
    );
  // Some put what belongs under model_cfg right into the file, as open_clip's own list of models has it.
  const wrapped = 'vision_cfg' in written && !('model_cfg' in written) ? { model_cfg: written } : written;
  const { model_cfg } = parseJson(schema, wrapped, where);
  const { vision_cfg: vision, text_cfg: text } = model_cfg;
  const timmName = String(vision['timm_model_name'] ?? '');
  const family = timmFamily(timmName);
  const towerOptions = family && { timm_model_name: [timmName], ...family.visionOptions };
  checkOptions(vision, towerOptions ?? {}, `${where}: model_cfg.vision_cfg`);
  checkOptions(text, family?.textOptions ?? {}, `${where}: model_cfg.text_cfg`);
  // After the towers, since what these compute counts for more than how images come to their size.
  const { preprocess_cfg } = parseJson(preprocessSchema, wrapped, where);
  const edge = squareEdge(vision.image_size);
  const gelu = model_cfg.quick_gelu ? 'quick_gelu' : 'gelu';
  const tower = (config: typeof vision | typeof text, heads: number): TowerConfig => ({
    hiddenSize: config.width,
    intermediateSize: Math.floor(config.width * config.mlp_ratio),
    numHiddenLayers: layerCount(config.layers, where),
    numAttentionHeads: heads,
    hiddenAct: config.act_kwargs ? 'gelu_pytorch_tanh' : gelu,
    layerNormEps: config.norm_kwargs.eps,
  });
  const described = (visionConfig: VisionConfig): ClipConfig => {
    checkPatches(edge, visionConfig.patchSize, where);
    return {
      vision: visionConfig,
      text: {
        ...tower(text, text.heads),
        vocabSize: text.vocab_size,
        maxPositionEmbeddings: text.context_length,
        // open_clip takes the text's feature at the largest id.
        eosTokenId: 2,
        form: family?.textForm ?? CLIP_TEXT,
      },
      projectionDim: model_cfg.embed_dim,
    };
  };
  return {
    config: family
      ? (shapeOf) => described(timmVision(family, timmName, edge, shapeOf, where))
      : described({
          ...tower(vision, Math.floor(vision.width / vision.head_width)),
          imageSize: edge,
          patchSize: squareEdge(vision.patch_size),
          form: CLIP_VISION,
        }),
    preprocessor: {
      size: preprocess_cfg.resize_mode === 'squash' ? { width: edge, height: edge } : edge,
      resample: preprocess_cfg.interpolation === 'bilinear' ? 2 : 3,
      image_mean: preprocess_cfg.mean,
      image_std: preprocess_cfg.std,
    },
    family,
  };
}

/** @param required the options of a family that is not CLIP's, with the values that make it one */
function checkOptions(
  options: Record<string, unknown>,
  required: Record<string, unknown[]>,
  where: string,
): void {
  const written = (values: unknown[]) => values.map((value) => JSON.stringify(value ?? null)).join(' or ');
  for (const [key, plain] of Object.entries({ ...PLAIN, ...required })) {
    const value = options[key];
    if (plain.includes(value) || (value === undefined && !(key in required))) continue;
    const right =
      key in required
        ? `with this image tower, ${written(plain)} would be right`
        : `only CLIP's own ViT and text transformer can be used, with ${written([...plain, null])} here or without it`;
    throw new InputError(`${where}.${key} is ${JSON.stringify(value ?? null)}; ${right}.`);
  }
}

/** An image tower of timm's: its sizes from its weights, the rest by its name. */
function timmVision(
  { form, hiddenAct, headSize, layerNormEps }: TimmFamily,
  timmName: string,
  imageSize: number,
  shapeOf: ShapeOf,
  where: string,
): VisionConfig {
  const known = timmSizes(shapeOf, where);
  return {
    ...known,
    numAttentionHeads: known.hiddenSize / headSize(timmName),
    hiddenAct: hiddenAct(timmName),
    layerNormEps,
    imageSize,
    form,
  };
}

/** What is null in a file is as if it were not there. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const entries = Object.entries(value).filter(([, inner]) => inner !== null);
  return Object.fromEntries(entries.map(([key, inner]) => [key, withoutNulls(inner)]));
}

const squareEdge = (edge: number | [number, number]) => (typeof edge === 'number' ? edge : edge[0]);

function layerCount(layers: number | number[], where: string): number {
  if (typeof layers === 'number') return layers;
  throw new InputError(
    `${where} describes a ResNet image tower (vision_cfg.layers is a list); only ViT towers can be used, such as openai/clip-vit-base-patch32.`,
  );
}

/** Three sizes that OpenAI's own files hold among the weights. */
const SIZES = new Set(['input_resolution', 'context_length', 'vocab_size']);

const WHOLE: Record<string, string> = {
  logit_scale: 'logit_scale',
  'vision_model.embeddings.class_embedding': 'visual.class_embedding',
  'vision_model.embeddings.patch_embedding.weight': 'visual.conv1.weight',
  'vision_model.embeddings.position_embedding.weight': 'visual.positional_embedding',
  'text_model.embeddings.token_embedding.weight': 'token_embedding.weight',
  'text_model.embeddings.position_embedding.weight': 'positional_embedding',
  'text_model.head.weight': 'text_projection.weight',
  'text_model.head.bias': 'text_projection.bias',
};

const MATRICES: Record<string, string> = {
  'visual_projection.weight': 'visual.proj',
  'text_projection.weight': 'text_projection',
};

const NORMS: Record<string, string> = {
  'vision_model.pre_layrnorm': 'visual.ln_pre',
  'vision_model.post_layernorm': 'visual.ln_post',
  'text_model.final_layer_norm': 'ln_final',
};

const LAYER_PARTS: Record<string, string> = {
  layer_norm1: 'ln_1',
  layer_norm2: 'ln_2',
  'self_attn.out_proj': 'attn.out_proj',
  'mlp.fc1': 'mlp.c_fc',
  'mlp.fc2': 'mlp.c_proj',
};

/**
 * Where open_clip (and openai/CLIP) keeps a tensor that Hugging Face's CLIPModel calls `name`.
 *
 * @param textPrefix `text.` in models with an own text module (CustomTextCLIP), else empty
 */
export function openClipPlace(name: string, textPrefix: '' | 'text.'): Place {
  if (SIZES.has(name)) return { name };
  const prefixed = (own: string) => (name.startsWith('text_') ? textPrefix + own : own);
  if (name in WHOLE) return { name: prefixed(WHOLE[name]) };
  if (name in MATRICES) return { name: prefixed(MATRICES[name]), isTransposed: true };
  const [, before, kind] = /^(.*)\.(weight|bias)$/.exec(name) ?? [];
  if (before in NORMS) return { name: prefixed(`${NORMS[before]}.${kind}`) };
  const [, tower, layer, part] = /^(\w+)_model\.encoder\.layers\.(\d+)\.(.*)$/.exec(before) ?? [];
  const block = `${tower === 'vision' ? 'visual.' : textPrefix}transformer.resblocks.${layer}`;
  const third = THIRDS.indexOf(part);
  if (third >= 0) return { name: `${block}.attn.in_proj_${kind}`, third };
  return { name: `${block}.${LAYER_PARTS[part]}.${kind}` };
}
