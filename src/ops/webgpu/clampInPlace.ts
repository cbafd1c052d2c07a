import type * as tf from '@tensorflow/tfjs-core';
import { oneThreadEach, runProgram } from './program';

/** In place, since on WebGPU a variable is a part of a larger buffer. */
export function clampOnWebGPU(tensor: tf.Tensor, least: number, most: number): void {
  const { size: count, shape } = tensor;
  const { item, ...threads } = oneThreadEach(count);
  runProgram(
    {
      key: 'clamp',
      inputs: [],
      outputs: [{ name: 'result', shape, tensor }],
      integers: { count },
      floats: { least, most },
      ...threads,
      code: `${item}
        if (item >= uniforms.count) { return; }
        result[item] = clamp(result[item], uniforms.least, uniforms.most);`,
    },
    [],
  );
}
