import type { ClipConfig, TowerConfig, VisionConfig } from './config';

/** Name and shape of every tensor of a CLIP, as Hugging Face's CLIPModel names them and in its order. */
export function clipShapes(config: ClipConfig): Map<string, number[]> {
  return new Map([...(config.text ? textShapes(config) : []), ...visionShapes(config)]);
}

type NamedShape = [name: string, shape: number[]];

/** The image tower's part, projection included. */
export function visionShapes({ vision, projectionDim }: ClipConfig): NamedShape[] {
  const { hiddenSize: width, patchSize, form } = vision;
  const some = (isThere: boolean, ...shapes: NamedShape[]) => (isThere ? shapes : []);
  return [
    ...some(form.hasClassToken, ['vision_model.embeddings.class_embedding', [width]]),
    ['vision_model.embeddings.patch_embedding.weight', [width, 3, patchSize, patchSize]],
    ...some(form.hasPatchBias, ['vision_model.embeddings.patch_embedding.bias', [width]]),
    ['vision_model.embeddings.position_embedding.weight', [tokenCount(vision), width]],
    ...some(form.hasPreNorm, ...layerNormShapes('vision_model.pre_layrnorm', width)),
    ...encoderShapes('vision_model', vision),
    ...some(form.layers === 'EVA-02', ...evaShapes(vision)),
    ...layerNormShapes('vision_model.post_layernorm', width),
    ...some(form.pooling === 'attention', ...poolShapes('vision_model.head', vision)),
    ...some(form.hasProjection, ['visual_projection.weight', [projectionDim, width]]),
    ...some(form.hasProjectionBias, ['visual_projection.bias', [projectionDim]]),
  ];
}

/** Tokens of an image, prompts aside: its patches, and the class token where there is one. */
export function tokenCount(vision: VisionConfig): number {
  return patchGrid(vision) ** 2 + (vision.form.hasClassToken ? 1 : 0);
}

/** Patches a side. */
export const patchGrid = ({ imageSize, patchSize }: VisionConfig) => Math.floor(imageSize / patchSize);

function poolShapes(head: string, { hiddenSize: width, intermediateSize: wide }: TowerConfig): NamedShape[] {
  return [
    [`${head}.probe`, [1, 1, width]],
    [`${head}.attention.in_proj_weight`, [3 * width, width]],
    [`${head}.attention.in_proj_bias`, [3 * width]],
    ...linearShapes(`${head}.attention.out_proj`, width, width),
    ...layerNormShapes(`${head}.layernorm`, width),
    ...linearShapes(`${head}.mlp.fc1`, wide, width),
    ...linearShapes(`${head}.mlp.fc2`, width, wide),
  ];
}

/** What only comparing images with texts needs: the text tower, its projection, and the logits' scale. */
function textShapes({ text, projectionDim }: ClipConfig): NamedShape[] {
  if (!text) return [];
  const width = text.hiddenSize;
  return [
    ['logit_scale', []],
    ['text_model.embeddings.token_embedding.weight', [text.vocabSize, width]],
    ['text_model.embeddings.position_embedding.weight', [text.maxPositionEmbeddings, width]],
    ...encoderShapes('text_model', text),
    ...layerNormShapes('text_model.final_layer_norm', width),
    [`${text.form.projection}.weight`, [projectionDim, width]],
    ...(text.form.projection === 'text_model.head'
      ? [['text_model.head.bias', [projectionDim]] satisfies NamedShape]
      : []),
  ];
}

function encoderShapes(tower: string, config: TowerConfig): NamedShape[] {
  const { hiddenSize: width, intermediateSize: wide, numHiddenLayers } = config;
  return layerNames(tower, numHiddenLayers).flatMap((layer) => [
    ...linearShapes(`${layer}.self_attn.k_proj`, width, width),
    ...linearShapes(`${layer}.self_attn.v_proj`, width, width),
    ...linearShapes(`${layer}.self_attn.q_proj`, width, width),
    ...linearShapes(`${layer}.self_attn.out_proj`, width, width),
    ...layerNormShapes(`${layer}.layer_norm1`, width),
    ...linearShapes(`${layer}.mlp.fc1`, wide, width),
    ...linearShapes(`${layer}.mlp.fc2`, width, wide),
    ...layerNormShapes(`${layer}.layer_norm2`, width),
  ]);
}

/** What EVA-02's layers have beside CLIP's parts. */
function evaShapes({
  hiddenSize: width,
  intermediateSize: wide,
  numHiddenLayers,
}: TowerConfig): NamedShape[] {
  return layerNames('vision_model', numHiddenLayers).flatMap((layer) => [
    ...layerNormShapes(`${layer}.self_attn.inner_norm`, width),
    ...linearShapes(`${layer}.mlp.gate_proj`, wide, width),
    ...layerNormShapes(`${layer}.mlp.inner_norm`, wide),
  ]);
}

const layerNames = (tower: string, count: number) =>
  Array.from({ length: count }, (_, i) => `${tower}.encoder.layers.${i}`);

function linearShapes(name: string, output: number, input: number): NamedShape[] {
  return [
    [`${name}.weight`, [output, input]],
    [`${name}.bias`, [output]],
  ];
}

function layerNormShapes(name: string, width: number): NamedShape[] {
  return [
    [`${name}.weight`, [width]],
    [`${name}.bias`, [width]],
  ];
}
