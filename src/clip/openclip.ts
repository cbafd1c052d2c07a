import { z } from 'zod';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import { type ClipConfig, checkPatches, sizes } from './config';

/** Where a tensor of the model lies in a checkpoint's files. */
export interface Place {
  /** What it is called there. */
  name: string;
  /** It is this third of the rows: the projections of queries, keys and values lie below one another. */
  third?: number;
  isTransposed?: boolean;
}

const pair = z.union([
  sizes.edge,
  z.tuple([sizes.edge, sizes.edge]).refine(([a, b]) => a === b, 'only squares can be used'),
]);

const towerKeys = {
  layers: z.union([sizes.layers, z.array(sizes.layers)]).default(12),
  mlp_ratio: z.number().positive().max(64).default(4),
  norm_kwargs: z.object({ eps: z.number().positive().max(1).default(1e-5) }).prefault({}),
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
  act_kwargs: [],
  qk_norm: [false],
  scaled_cosine_attn: [false],
  scale_heads: [false],
  scale_attn_inner: [false],
  scale_attn: [false],
  scale_fc: [false],
};

/**
 * Sizes, and preprocessing in the form of `preprocessor_config.json`, from the contents of an `open_clip_config.json`; `where` begins the error messages.
 * Throws InputError for towers that compute something else than CLIP's ViT and text transformer.
 */
export function parseOpenClipConfig(
  raw: unknown,
  where: string,
): { config: ClipConfig; preprocessor: Record<string, unknown> } {
  const written = z.record(z.string(), z.unknown()).safeParse(withoutNulls(raw)).data ?? {};
  if ('multimodal_cfg' in written || 'multimodal_cfg' in Object(written['model_cfg']))
    throw new InputError(
      `${where} describes a CoCa, a CLIP that also writes captions, which is not supported. Use a plain CLIP.`,
    );
  // Some put what belongs under model_cfg right into the file, as open_clip's own list of models has it.
  const wrapped = 'vision_cfg' in written && !('model_cfg' in written) ? { model_cfg: written } : written;
  const { model_cfg } = parseJson(schema, wrapped, where);
  const { vision_cfg: vision, text_cfg: text } = model_cfg;
  for (const [tower, options] of Object.entries({ vision_cfg: vision, text_cfg: text }))
    for (const [key, plain] of Object.entries(PLAIN))
      if (options[key] !== undefined && !plain.includes(options[key]))
        throw new InputError(
          `${where}: model_cfg.${tower}.${key} is ${JSON.stringify(options[key])}; only CLIP's own ViT and text ` +
            `transformer can be used, with ${[...plain, null].map((value) => JSON.stringify(value)).join(' or ')} here or without it.`,
        );
  // After the towers, since what these compute counts for more than how images come to their size.
  const { preprocess_cfg } = parseJson(preprocessSchema, wrapped, where);
  const edge = squareEdge(vision.image_size);
  const patchSize = squareEdge(vision.patch_size);
  checkPatches(edge, patchSize, where);
  const tower = ({ width, layers, mlp_ratio, norm_kwargs }: typeof vision | typeof text, heads: number) => ({
    hiddenSize: width,
    intermediateSize: Math.floor(width * mlp_ratio),
    numHiddenLayers: layerCount(layers, where),
    numAttentionHeads: heads,
    hiddenAct: model_cfg.quick_gelu ? ('quick_gelu' as const) : ('gelu' as const),
    layerNormEps: norm_kwargs.eps,
  });
  return {
    config: {
      vision: {
        ...tower(vision, Math.floor(vision.width / vision.head_width)),
        imageSize: edge,
        patchSize,
      },
      text: {
        ...tower(text, text.heads),
        vocabSize: text.vocab_size,
        maxPositionEmbeddings: text.context_length,
        // open_clip takes the text's feature at the largest id.
        eosTokenId: 2,
      },
      projectionDim: model_cfg.embed_dim,
    },
    preprocessor: {
      size: preprocess_cfg.resize_mode === 'squash' ? { width: edge, height: edge } : edge,
      resample: preprocess_cfg.interpolation === 'bilinear' ? 2 : 3,
      image_mean: preprocess_cfg.mean,
      image_std: preprocess_cfg.std,
    },
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

const THIRDS = ['self_attn.q_proj', 'self_attn.k_proj', 'self_attn.v_proj'];

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
