import { InputError } from '../files/folder';
import { overlay, readTensor, type TensorSource } from '../files/tensors';
import { type ClipConfig, checkPatches } from './config';
import type { Preprocessor } from './preprocess';

const POSITIONS = 'vision_model.embeddings.position_embedding.weight';

/** What of a checkpoint depends on the size of its images. */
interface Resizable {
  name: string;
  config: ClipConfig;
  preprocessor: Preprocessor;
  tensors: TensorSource;
  notices: string[];
}

/** The kernel's parameter in PyTorch's bicubic interpolation. */
const A = -0.75;

/**
 * The same CLIP for images of another size: its position embedding is interpolated bicubically, as transformers'
 * `CLIPVisionEmbeddings.interpolate_pos_encoding` does (`align_corners=False`, no antialiasing); the class token keeps
 * its own. A notice says so.
 *
 * @param imageSize edge in pixels, a multiple of the patch size
 * @throws InputError where it is not, or gives more patches than can be
 */
export function resizePositions<Clip extends Resizable>(checkpoint: Clip, imageSize: number): Clip {
  const { name, config, preprocessor, tensors, notices } = checkpoint;
  const { patchSize, hiddenSize: width, imageSize: before, form } = config.vision;
  const apart = form.hasClassToken ? 1 : 0;
  if (imageSize % patchSize !== 0 || imageSize <= 0) {
    const below = Math.max(1, Math.floor(imageSize / patchSize)) * patchSize;
    throw new InputError(
      `${name} can't take images of ${imageSize} pixels, since its patches have ${patchSize}; ` +
        `${below} or ${below + patchSize} would be right.`,
    );
  }
  checkPatches(imageSize, patchSize, name);
  const from = Math.floor(before / patchSize);
  const to = imageSize / patchSize;
  const resized = {
    shapes: new Map([[POSITIONS, [to * to + apart, width]]]),
    async *pieces() {
      const tensor = await readTensor(tensors, POSITIONS);
      if (tensor) yield interpolate(tensor.data, from, to, width, apart);
    },
  };
  const scaled = (edge: number) => Math.round((edge * imageSize) / preprocessor.size);
  const { resizeTo } = preprocessor;
  return {
    ...checkpoint,
    config: { ...config, vision: { ...config.vision, imageSize } },
    preprocessor: {
      ...preprocessor,
      size: imageSize,
      resizeTo:
        'shortestEdge' in resizeTo
          ? { shortestEdge: scaled(resizeTo.shortestEdge) }
          : { width: scaled(resizeTo.width), height: scaled(resizeTo.height) },
    },
    tensors: overlay(tensors, resized),
    notices: [
      ...notices,
      `${name} was made for images of ${before} pixels; its position embedding has been interpolated bicubically for ${imageSize}.`,
    ],
  };
}

/**
 * Positions [apart + from², width] to [apart + to², width]. The first row, where the class token has one apart, is kept;
 * the others are a square image, row by row, interpolated first downwards, then across.
 */
function interpolate(
  positions: Float32Array | Int32Array,
  from: number,
  to: number,
  width: number,
  apart: number,
): Float32Array {
  const taps = Array.from({ length: to }, (_, i) => cubicTaps(i, from, to));
  const grid = positions.subarray(apart * width);
  const down = new Float32Array(to * from * width);
  for (const [row, { indices, weights }] of taps.entries())
    for (const [k, index] of indices.entries())
      addScaled(down, row * from * width, grid, index * from * width, from * width, weights[k]);
  const result = new Float32Array((apart + to * to) * width);
  result.set(positions.subarray(0, apart * width));
  for (let row = 0; row < to; row++)
    for (const [column, { indices, weights }] of taps.entries())
      for (const [k, index] of indices.entries()) {
        const at = (apart + row * to + column) * width;
        addScaled(result, at, down, (row * from + index) * width, width, weights[k]);
      }
  return result;
}

/** The four old places that a new one is mixed from, beyond the edge the edge itself, and their shares. */
function cubicTaps(place: number, from: number, to: number): { indices: number[]; weights: number[] } {
  const at = ((place + 0.5) * from) / to - 0.5;
  const below = Math.floor(at);
  const t = at - below;
  const indices = [-1, 0, 1, 2].map((k) => Math.min(Math.max(below + k, 0), from - 1));
  return { indices, weights: [outer(1 + t), inner(t), inner(1 - t), outer(2 - t)] };
}

/** Keys' cubic convolution kernel for distances up to 1. */
const inner = (x: number) => ((A + 2) * x - (A + 3)) * x * x + 1;

/** The same for distances from 1 to 2. */
const outer = (x: number) => ((A * x - 5 * A) * x + 8 * A) * x - 4 * A;

/** target[at …] += scale · source[from …], `length` numbers. */
function addScaled(
  target: Float32Array,
  at: number,
  source: Float32Array | Int32Array,
  from: number,
  length: number,
  scale: number,
): void {
  for (let i = 0; i < length; i++) target[at + i] += scale * source[from + i];
}
