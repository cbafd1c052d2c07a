import { elementCount } from '../files/tensors';
import type { ClipConfig } from './config';
import { clipShapes, tokenCount, visionShapes } from './shapes';

export interface ModelCost {
  /** Parameters of the image tower, projection included. */
  imageParameters: number;
  /** Parameters of the whole model. */
  parameters: number;
  /** Parameters of the image tower's largest tensor; queries, keys and values are one. */
  largestTensor: number;
  /** Floating-point operations that the image tower takes for one image, see `imageFlop`. */
  flop: number;
}

/** What a CLIP of these sizes weighs, and what an image costs it. */
export function modelCost(config: ClipConfig): ModelCost {
  const count = (shapes: Iterable<[string, number[]]>) =>
    [...shapes].reduce((sum, [, shape]) => sum + elementCount(shape), 0);
  const { hiddenSize } = config.vision;
  const sizes = visionShapes(config).map(([, shape]) => elementCount(shape));
  return {
    imageParameters: count(visionShapes(config)),
    parameters: count(clipShapes(config)),
    largestTensor: Math.max(3 * hiddenSize ** 2, ...sizes),
    flop: imageFlop(config),
  };
}

/**
 * 2 FLOP for each multiply-add of the image tower's matrix products, for one image. With T = 1 + ⌊image ÷ patch⌋²
 * tokens, width W, hidden width M of the MLP, L layers and the projection's dimension D, the multiply-adds are
 *
 *     (T − 1) · 3 · patch² · W  +  L · (4 · T · W²  +  2 · T² · W  +  2 · T · W · M)  +  W · D
 *
 * for the patches, in each layer the four projections, attention and MLP, and the projection at the end. Without a class
 * token T is less by 1. Attention pooling takes, in place of the projection, 2 · T · W² + 2 · W² for its four projections,
 * 2 · T · W for its attention and 2 · W · M for its MLP. EVA-02's gated MLP takes 3 · T · W · M
 * for 2 · T · W · M. Norms, biases and activations, well below 1 %, are left out.
 */
function imageFlop({ vision, projectionDim }: ClipConfig): number {
  const { imageSize, patchSize, hiddenSize: width, intermediateSize: wide, numHiddenLayers, form } = vision;
  const tokens = tokenCount(vision);
  const patches = Math.floor(imageSize / patchSize) ** 2 * 3 * patchSize ** 2 * width;
  const products = form.layers === 'EVA-02' ? 3 : 2;
  const layer = 4 * tokens * width ** 2 + 2 * tokens ** 2 * width + products * tokens * width * wide;
  const pool = 2 * (tokens + 1) * width ** 2 + 2 * tokens * width + 2 * width * wide;
  const end = (form.pooling === 'attention' ? pool : 0) + (form.hasProjection ? width * projectionDim : 0);
  return 2 * (patches + numHiddenLayers * layer + end);
}
