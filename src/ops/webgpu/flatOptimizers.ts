import type * as tf from '@tensorflow/tfjs-core';
import { oneThreadEach, runProgram } from './program';

/** All parameters of a model in one tensor, and what changes them; everything but `numbers` and `decays` is [size]. */
export interface FlatUpdate {
  /** Changed in place. */
  parameters: tf.Tensor;
  gradients: tf.Tensor;
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

function runFlat(
  key: string,
  { parameters, gradients, slots, numbers, decays }: FlatUpdate,
  slotNames: string[],
  floats: Record<string, number>,
  code: string,
): void {
  const { item, ...threads } = oneThreadEach(parameters.size);
  const inPlace = (name: string, tensor: tf.Tensor) => ({ name, shape: tensor.shape, tensor });
  runProgram(
    {
      key,
      inputs: ['Gradient', 'Numbers', 'Decay'],
      outputs: [inPlace('result', parameters), ...slots.map((slot, i) => inPlace(slotNames[i], slot))],
      integers: { count: parameters.size },
      floats,
      ...threads,
      code: `${item}
        if (item >= uniforms.count) { return; }
        let decay = Decay[item / 64];
        if (decay < 0.0) { return; }
        let g = Gradient[item];
        let p = result[item];
        ${code}`,
    },
    [gradients, numbers, decays],
  );
}
