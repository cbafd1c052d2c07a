import type * as tf from '@tensorflow/tfjs-core';
import type { StepInputs } from '../device/stepRunner';

/**
 * A batch as inputs of its own for each part that a tower sees at once, so that no buffer holds all of it. Of a batch
 * with fewer items than parts, each is one.
 *
 * @param whole its first axis is the batch
 */
export function batchParts(name: string, whole: StepInputs[string], parts: number): StepInputs {
  const [batch, ...shape] = whole.shape;
  const size = shape.reduce((a, b) => a * b, 1);
  const each = Math.ceil(batch / parts);
  const inputs: StepInputs = {};
  for (let from = 0; from < batch; from += each) {
    const end = Math.min(from + each, batch);
    inputs[`${name}[${from}]`] = {
      data: whole.data.subarray(from * size, end * size),
      shape: [end - from, ...shape],
    };
  }
  return inputs;
}

/** The parts of a batch, in order; none where there is no such input. */
export const partsOf = (inputs: Record<string, tf.Tensor>, name: string): tf.Tensor[] =>
  Object.keys(inputs)
    .filter((key) => key.startsWith(`${name}[`))
    .map((key) => inputs[key]);
