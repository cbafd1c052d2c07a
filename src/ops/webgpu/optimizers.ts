import type * as tf from '@tensorflow/tfjs-core';
import { oneThreadEach, onWebGPU, runInPlace } from './program';

export interface AdamWOptions {
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** 0 for tensors that are not decayed. */
  weightDecay: number;
  /** Steps taken with this one, from 1, for the bias correction. */
  step: number;
}

export interface SgdOptions {
  learningRate: number;
  momentum: number;
  weightDecay: number;
}

/** Changes each element of a variable in place by a line of WGSL, in which `result[item]` is the element. */
function update(
  variable: tf.Variable,
  key: string,
  line: string,
  floats: Record<string, number>,
  inputs: Record<string, tf.Tensor>,
): void {
  const { item, ...threads } = oneThreadEach(variable.size);
  const program = {
    key,
    inputs: Object.keys(inputs),
    integers: { count: variable.size },
    floats,
    ...threads,
    code: `${item}
      if (item >= uniforms.count) { return; }
      ${line}`,
  };
  runInPlace(program, variable, Object.values(inputs));
}

/** `adamW` in three dispatches and no temporaries; false on other backends. */
export function adamWKernel(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  firstMoment: tf.Variable,
  secondMoment: tf.Variable,
  { learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamWOptions,
): boolean {
  if (!onWebGPU()) return false;
  const moment = 'result[item] = uniforms.beta * result[item] + (1.0 - uniforms.beta)';
  update(firstMoment, 'adamWFirst', `${moment} * G[item];`, { beta: beta1 }, { G: gradient });
  update(secondMoment, 'adamWSecond', `${moment} * G[item] * G[item];`, { beta: beta2 }, { G: gradient });
  update(
    parameter,
    'adamWParameter',
    `result[item] = result[item] * uniforms.decay
       - uniforms.rate * M[item] / (sqrt(V[item]) * uniforms.correction + uniforms.epsilon);`,
    {
      decay: 1 - learningRate * weightDecay,
      rate: learningRate / (1 - beta1 ** step),
      correction: (1 - beta2 ** step) ** -0.5,
      epsilon,
    },
    { M: firstMoment, V: secondMoment },
  );
  return true;
}

/** `sgd` in two dispatches and no temporaries; false on other backends. */
export function sgdKernel(
  parameter: tf.Variable,
  gradient: tf.Tensor,
  buffer: tf.Variable,
  { learningRate, momentum, weightDecay }: SgdOptions,
): boolean {
  if (!onWebGPU()) return false;
  update(
    buffer,
    'sgdBuffer',
    'result[item] = uniforms.momentum * result[item] + G[item] + uniforms.decay * P[item];',
    { momentum, decay: weightDecay },
    { G: gradient, P: parameter },
  );
  update(
    parameter,
    'sgdParameter',
    'result[item] = result[item] - uniforms.rate * B[item];',
    { rate: learningRate },
    { B: buffer },
  );
  return true;
}
