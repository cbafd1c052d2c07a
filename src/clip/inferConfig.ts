import { InputError } from '../files/folder';
import { CLIP_TEXT, CLIP_VISION, type ClipConfig, type TowerConfig } from './config';

/** Numbers a head, of widths where it is not 64: OpenCLIP's ViT-H, ViT-g and ViT-bigG. */
const HEAD_WIDTHS: Record<number, number> = { 1280: 80, 1408: 88, 1664: 104 };

/** Makers whose CLIPs have QuickGELU as their activation; LAION's and DataComp's have GELU. */
const QUICK_GELU = /openai|quickgelu|metaclip|dfn/i;

type ShapeOf = (name: string) => number[] | undefined;

/**
 * A CLIP's sizes, read from its weights' shapes where no file describes them. What shapes don't tell is assumed: heads of
 * 64 numbers, and an activation by the name.
 *
 * @param shapeOf by the names of Hugging Face's CLIPModel
 * @param name what the checkpoint is called
 * @throws InputError where these are no weights of a CLIP
 */
export function inferConfig(shapeOf: ShapeOf, isOpenClip: boolean, name: string): ClipConfig {
  const hiddenAct = activation(shapeOf, isOpenClip, name);
  const [width, , patchSize] = shapeOf('vision_model.embeddings.patch_embedding.weight') ?? [];
  const [positions] = shapeOf('vision_model.embeddings.position_embedding.weight') ?? [];
  const [projectionDim] = shapeOf('visual_projection.weight') ?? [];
  if (!width || !patchSize || !positions || !projectionDim) {
    throw new InputError(
      `${name} has neither a config.json nor the weights of a CLIP: a vision_model or visual tower with its projection would be right.`,
    );
  }
  const [vocabSize, textWidth] = shapeOf('text_model.embeddings.token_embedding.weight') ?? [];
  const [maxPositionEmbeddings] = shapeOf('text_model.embeddings.position_embedding.weight') ?? [];
  const hasText = vocabSize && textWidth && maxPositionEmbeddings;
  return {
    vision: {
      ...inferTower('vision_model', width, hiddenAct, shapeOf, name),
      imageSize: Math.round(Math.sqrt(positions - 1)) * patchSize,
      patchSize,
      form: CLIP_VISION,
    },
    text: hasText
      ? {
          ...inferTower('text_model', textWidth, hiddenAct, shapeOf, name),
          vocabSize,
          maxPositionEmbeddings,
          // The end of a text is the vocabulary's last token, so its largest id.
          eosTokenId: 2,
          form: CLIP_TEXT,
        }
      : undefined,
    projectionDim,
  };
}

/** By the checkpoint's own name, whatever the folders above it are called; OpenAI's own files hold three sizes, too. */
function activation(shapeOf: ShapeOf, isOpenClip: boolean, name: string): TowerConfig['hiddenAct'] {
  const isOpenAis = shapeOf('input_resolution') !== undefined && shapeOf('context_length') !== undefined;
  const own = name.split(/[\\/]/).filter(Boolean).at(-1) ?? name;
  return !isOpenClip || isOpenAis || QUICK_GELU.test(own) ? 'quick_gelu' : 'gelu';
}

function inferTower(
  tower: string,
  hiddenSize: number,
  hiddenAct: TowerConfig['hiddenAct'],
  shapeOf: ShapeOf,
  name: string,
): TowerConfig {
  const wide = (layer: number) => shapeOf(`${tower}.encoder.layers.${layer}.mlp.fc1.weight`)?.[0];
  let numHiddenLayers = 0;
  while (wide(numHiddenLayers) !== undefined) numHiddenLayers++;
  const headWidth = HEAD_WIDTHS[hiddenSize] ?? 64;
  if (hiddenSize % headWidth !== 0) {
    throw new InputError(
      `${name} has no config.json, and from a width of ${hiddenSize} the number of heads can't be told; put its config.json beside it.`,
    );
  }
  return {
    hiddenSize,
    intermediateSize: wide(0) ?? 4 * hiddenSize,
    numHiddenLayers,
    numAttentionHeads: hiddenSize / headWidth,
    hiddenAct,
    layerNormEps: 1e-5,
  };
}

/** What has been assumed, to tell the user. */
export function assumptions({ vision, text }: ClipConfig, name: string): string {
  const heads = [`${vision.numAttentionHeads} heads in the image tower`];
  if (text) heads.push(`${text.numAttentionHeads} in the text tower`);
  const gelu = vision.hiddenAct === 'quick_gelu' ? 'QuickGELU, as OpenAI’s have' : 'GELU, as LAION’s have';
  return (
    `${name} has no config.json, so its sizes were read from its weights, and what these don't tell was assumed: ` +
    `${heads.join(', ')}; as activation ${gelu}. A config.json beside it would settle this.`
  );
}
