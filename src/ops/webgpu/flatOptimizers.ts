import * as tf from '@tensorflow/tfjs-core';
import { rowProgram } from './lines';
import { oneThreadEach, runProgram } from './program';

/** Parameters of a model side by side in one tensor, and what changes them; [size] unless it says otherwise. */
export interface FlatUpdate {
  /** Changed in place. */
  parameters: tf.Tensor;
  gradients: tf.Tensor;
  /** What the gradients are to be multiplied by, a scalar; 1 where undefined. */
  scale?: tf.Tensor;
  /** The optimiser's memory, changed in place: first and second moments, or momentum. */
  slots: tf.Tensor[];
  /** [4]: learning rate, step from 1, learning rate / (1 − β₁ᵗ), 1/√(1 − β₂ᵗ). */
  numbers: tf.Tensor;
  /** The weight decay of each 64 parameters, [size / 64]; negative where nothing may change. */
  decays: tf.Tensor;
}

/** `adamW` on WebGPU, over all parameters in one dispatch. */
export function adamWFlat(
  update: FlatUpdate,
  { beta1, beta2, epsilon }: { beta1: number; beta2: number; epsilon: number },
): void {
  const code = `
    let m = uniforms.beta1 * first[item] + (1.0 - uniforms.beta1) * g;
    let v = uniforms.beta2 * second[item] + (1.0 - uniforms.beta2) * g * g;
    first[item] = m;
    second[item] = v;
    result[item] = p * (1.0 - Numbers[0] * decay)
      - Numbers[2] * m / (sqrt(v) * Numbers[3] + uniforms.epsilon);`;
  runFlat('adamW', update, ['first', 'second'], { beta1, beta2, epsilon }, code);
}

/** `sgd` on WebGPU, over all parameters in one dispatch. */
export function sgdFlat(update: FlatUpdate, momentum: number): void {
  const code = `
    let b = uniforms.momentum * first[item] + g + decay * p;
    first[item] = b;
    result[item] = p - Numbers[0] * b;`;
  runFlat('sgd', update, ['first'], { momentum }, code);
}

/**
 * `clippingScale` on WebGPU, a scalar, in two dispatches: the squares of each part, then their sum.
 *
 * @param packs gradients [size], and their parts [parts, 2]: in which block of 64 numbers each begins, and how many
 *   numbers it has
 */
export function clippingScaleFlat(
  packs: { gradients: tf.Tensor; parts: tf.Tensor2D }[],
  maxNorm: number,
): tf.Tensor {
  const squares = packs.flatMap(({ gradients, parts }) =>
    rowProgram({
      key: 'squares',
      inputs: { Part: parts, Gradient: gradients },
      outputs: [{ name: 'result', shape: [1, parts.shape[0]] }],
      code: `
        let first = i32(Part[start]) * 64;
        let count = i32(Part[start + 1]);
        var sum = 0.0;
        for (var i = lane; i < count; i += LANES) { sum += Gradient[first + i] * Gradient[first + i]; }
        result[row] = total(sum);`,
    }).map(asTensor),
  );
  const [scale] = rowProgram({
    key: 'clippingScale',
    inputs: { Squares: tf.concat(squares, 1) },
    outputs: [{ name: 'result', shape: [] }],
    floats: { maxNorm },
    code: `
      var sum = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) { sum += Squares[j]; }
      result[0] = min(1.0, uniforms.maxNorm / (sqrt(total(sum)) + 1e-6));`,
  }).map(asTensor);
  return scale;
}

/** So that a scope disposes it. */
const asTensor = (info: tf.TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);

function runFlat(
  key: string,
  { parameters, gradients, scale, slots, numbers, decays }: FlatUpdate,
  slotNames: string[],
  floats: Record<string, number>,
  code: string,
): void {
  const { item, ...threads } = oneThreadEach(parameters.size);
  const inPlace = (name: string, tensor: tf.Tensor) => ({ name, shape: tensor.shape, tensor });
  runProgram(
    {
      key: scale ? `${key}_scaled` : key,
      inputs: ['Gradient', 'Numbers', 'Decay', ...(scale ? ['Scale'] : [])],
      outputs: [inPlace('result', parameters), ...slots.map((slot, i) => inPlace(slotNames[i], slot))],
      integers: { count: parameters.size },
      floats,
      ...threads,
      code: `${item}
        if (item >= uniforms.count) { return; }
        let decay = Decay[item / 64];
        if (decay < 0.0) { return; }
        let g = Gradient[item]${scale ? ' * Scale[0]' : ''};
        let p = result[item];
        ${code}`,
    },
    [gradients, numbers, decays, ...(scale ? [scale] : [])],
  );
}
