import { InputError } from '../files/folder';
import type { TensorSource } from '../files/tensors';
import type { Checkpoint } from './checkpoint';
import type { VisionConfig } from './config';
import { checkLayers } from './cutLayers';
import { checkIsClip } from './families/families';
import { whyNotWidth } from './inheritedWidth';
import { clipShapes } from './shapes';

/**
 * TinyCLIP's manual weight inheritance (ICCV 2023, section 3.2) of the image tower: layer i is the teacher's layer
 * i · ⌊L_t/L_s⌋, and of every tensor the front is kept: the first `width` channels, the first heads, of the same size, the
 * first part of the MLP. Positions, patches and the text tower stay.
 *
 * @param layers at least 1
 * @throws InputError where the teacher has fewer layers, or the width does not fit it
 */
export function inheritFront(checkpoint: Checkpoint, layers: number, width: number): Checkpoint {
  const { config, name, tensors } = checkpoint;
  const { vision } = config;
  checkIsClip(checkpoint, 'inheriting weights');
  checkLayers(checkpoint, layers);
  const wrong = whyNotWidth(width, { width: vision.hiddenSize, heads: vision.numAttentionHeads });
  if (wrong) throw new InputError(`${wrong}.`);
  const small = { ...config, vision: narrowed(vision, layers, width) };
  return {
    ...checkpoint,
    name: `${name}, the front of ${layers} of ${vision.numHiddenLayers} layers, ${width} wide`,
    config: small,
    tensors: frontOf(tensors, clipShapes(small), Math.floor(vision.numHiddenLayers / layers)),
  };
}

function narrowed(vision: VisionConfig, layers: number, width: number): VisionConfig {
  const { hiddenSize, intermediateSize, numAttentionHeads } = vision;
  return {
    ...vision,
    numHiddenLayers: layers,
    hiddenSize: width,
    intermediateSize: Math.floor((intermediateSize * width) / hiddenSize),
    numAttentionHeads: (numAttentionHeads * width) / hiddenSize,
  };
}

/**
 * @param shapes none larger than the teacher's
 * @param step from each kept layer of the image tower to the next
 */
function frontOf(teacher: TensorSource, shapes: Map<string, number[]>, step: number): TensorSource {
  return {
    shapes,
    pieces(own) {
      const name = own.replace(
        /^(vision_model\.encoder\.layers\.)(\d+)/,
        (_, before, i) => before + Number(i) * step,
      );
      const [rows = 1, ...kept] = shapes.get(own) ?? [];
      const [, ...all] = teacher.shapes.get(name) ?? [];
      return corner(teacher.pieces(name), rows, product(kept), product(all));
    },
  };
}

const product = (sizes: number[]): number => sizes.reduce((a, b) => a * b, 1);

/** The first `kept` numbers of each of the first rows, which are `width` long. */
async function* corner(
  pieces: AsyncIterable<Float32Array>,
  rows: number,
  kept: number,
  width: number,
): AsyncGenerator<Float32Array> {
  let at = 0;
  for await (const piece of pieces) {
    const end = at + piece.length;
    const chosen = new Float32Array(piece.length);
    let size = 0;
    for (let row = Math.floor(at / width); row < rows && row * width < end; row++) {
      const from = Math.max(row * width, at);
      const to = Math.min(row * width + kept, end);
      if (from >= to) continue;
      chosen.set(piece.subarray(from - at, to - at), size);
      size += to - from;
    }
    if (size > 0) yield chosen.slice(0, size);
    at = end;
  }
}
