import { InputError } from '../../files/folder';
import { type Place, THIRDS } from '../place';

/** Axes of a batch of one, which timm's tensors have and ours don't. */
const LEADING_AXES: Record<string, number> = { cls_token: 2, pos_embed: 1 };

/** Where timm keeps an image tower's tensors within open_clip's layout: ours, timm's. */
const WHOLE: Record<string, string> = {
  'embeddings.class_embedding': 'cls_token',
  'embeddings.patch_embedding.weight': 'patch_embed.proj.weight',
  'embeddings.patch_embedding.bias': 'patch_embed.proj.bias',
  'embeddings.position_embedding.weight': 'pos_embed',
  'pre_layrnorm.weight': 'norm_pre.weight',
  'pre_layrnorm.bias': 'norm_pre.bias',
  'post_layernorm.weight': 'norm.weight',
  'post_layernorm.bias': 'norm.bias',
};

const LAYER_PARTS: Record<string, string> = {
  layer_norm1: 'norm1',
  layer_norm2: 'norm2',
  'self_attn.out_proj': 'attn.proj',
  'mlp.fc1': 'mlp.fc1',
  'mlp.fc2': 'mlp.fc2',
};

/** Where timm's VisionTransformer keeps a tensor that Hugging Face's CLIPModel calls `name`. */
export function timmPlace(name: string): Place {
  const own = name.replace(/^vision_model\./, '');
  if (own in WHOLE) return { name: `visual.trunk.${WHOLE[own]}`, leadingAxes: LEADING_AXES[WHOLE[own]] };
  const [, layer, part, kind] = /^encoder\.layers\.(\d+)\.(.*)\.(weight|bias)$/.exec(own) ?? [];
  const block = `visual.trunk.blocks.${layer}`;
  const third = THIRDS.indexOf(part);
  if (third >= 0) return { name: `${block}.attn.qkv.${kind}`, third };
  return { name: `${block}.${LAYER_PARTS[part]}.${kind}` };
}

/** What the shapes of a tower's tensors tell of its sizes. */
export interface TimmSizes {
  hiddenSize: number;
  intermediateSize: number;
  numHiddenLayers: number;
  patchSize: number;
}

/**
 * @param shapeOf by the names of Hugging Face's CLIPModel
 * @throws InputError where the tower is not there
 */
export function timmSizes(shapeOf: (name: string) => number[] | undefined, where: string): TimmSizes {
  const shape = shapeOf('vision_model.embeddings.patch_embedding.weight');
  const wide = (layer: number) => shapeOf(`vision_model.encoder.layers.${layer}.mlp.fc1.weight`)?.[0];
  const intermediateSize = wide(0);
  if (!shape || !intermediateSize)
    throw new InputError(`${where} lacks the weights of the image tower that its configuration names.`);
  let numHiddenLayers = 1;
  while (wide(numHiddenLayers) !== undefined) numHiddenLayers++;
  const [hiddenSize, , patchSize] = shape;
  return { hiddenSize, intermediateSize, numHiddenLayers, patchSize };
}
