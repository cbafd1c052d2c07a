import type * as tf from '@tensorflow/tfjs-core';
import { registerKernel, STACK_SCALARS, WEIGHTED_SUM } from '../kernels';
import { oneThreadEach, runProgram } from './program';

/** A program of which one thread is enough. */
function scalarProgram(
  key: string,
  scalars: Record<number, tf.TensorInfo>,
  shape: number[],
  floats: Record<string, number>,
  line: (i: number) => string,
): tf.TensorInfo {
  const all = Object.values(scalars);
  const { item, ...threads } = oneThreadEach(1);
  return runProgram(
    {
      key: `${key}_${all.length}`,
      inputs: all.map((_, i) => `S${i}`),
      outputs: [{ name: 'result', shape }],
      floats,
      ...threads,
      code: `${item}
        if (item > 0) { return; }
        ${all.map((_, i) => line(i)).join('\n')}`,
    },
    all,
  )[0];
}

registerKernel(WEIGHTED_SUM, 'webgpu', (scalars, { weights }) => {
  const floats = Object.fromEntries(weights.map((weight, i) => [`weight${i}`, weight]));
  const line = (i: number) => `result[0] ${i === 0 ? '' : '+'}= uniforms.weight${i} * S${i}[0];`;
  return scalarProgram('weightedSum', scalars, [], floats, line);
});

registerKernel(STACK_SCALARS, 'webgpu', (scalars) => {
  const count = Object.keys(scalars).length;
  return scalarProgram('stackScalars', scalars, [count], {}, (i) => `result[${i}] = S${i}[0];`);
});
