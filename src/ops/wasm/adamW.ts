import * as tf from '@tensorflow/tfjs-core';
import { ADAMW } from '../kernels';
import { registerWasmKernel } from './native';

registerWasmKernel(ADAMW, ({ parameter, gradient, firstMoment, secondMoment }, native, options) => {
  const { scale, learningRate, beta1, beta2, epsilon, weightDecay, step } = options;
  native.run('adamW', tf.util.sizeFromShape(parameter.shape), {
    parameter,
    gradient,
    first: firstMoment,
    second: secondMoment,
    scale,
    beta1,
    beta2,
    decay: 1 - learningRate * weightDecay,
    rate: learningRate / (1 - beta1 ** step),
    correction: (1 - beta2 ** step) ** -0.5,
    epsilon,
  });
  return [];
});
