import * as tf from '@tensorflow/tfjs-core';
import { ADAMW, type AdamWOptions } from '../kernels';
import { registerWasmKernel } from './native';

registerWasmKernel(
  ADAMW,
  (
    inputs: Record<'parameter' | 'gradient' | 'firstMoment' | 'secondMoment', tf.TensorInfo>,
    native,
    { scale, learningRate, beta1, beta2, epsilon, weightDecay, step }: AdamWOptions,
  ) => {
    const { parameter, gradient, firstMoment, secondMoment } = inputs;
    native.run('adamW', tf.util.sizeFromShape(parameter.shape), [
      ...[parameter, gradient, firstMoment, secondMoment].map((tensor) => native.address(tensor)),
      scale,
      beta1,
      beta2,
      1 - learningRate * weightDecay,
      learningRate / (1 - beta1 ** step),
      (1 - beta2 ** step) ** -0.5,
      epsilon,
    ]);
    return [];
  },
);
