import type * as tf from '@tensorflow/tfjs-core';
import { LAYER_NORM, LAYER_NORM_INPUT_GRADIENT, LAYER_NORM_WEIGHT_GRADIENT } from '../kernels';
import { registerWasmKernel, rowsOf } from './native';

registerWasmKernel(
  LAYER_NORM,
  (
    { x, weight, bias }: Record<'x' | 'weight' | 'bias', tf.TensorInfo>,
    native,
    { epsilon, around }: { epsilon: number; around: boolean },
  ) => {
    const rows = rowsOf(x);
    const y = native.output(x.shape);
    const statistics = native.output([rows, 2]);
    const addresses = [x, weight, bias, y, statistics].map((tensor) => native.address(tensor));
    native.run('layerNorm', rows, [...addresses, weight.shape[0], epsilon]);
    return around ? [y, statistics, native.share(x)] : [y, statistics];
  },
);

registerWasmKernel(
  LAYER_NORM_INPUT_GRADIENT,
  (
    {
      dy,
      x,
      weight,
      statistics,
      around,
    }: Record<'dy' | 'x' | 'weight' | 'statistics' | 'around', tf.TensorInfo>,
    native,
  ) => {
    const dx = native.output(x.shape);
    const addresses = [dy, x, weight, statistics, around, dx].map((tensor) => native.address(tensor));
    native.run('layerNormInputGradient', rowsOf(x), [...addresses, weight.shape[0]]);
    return dx;
  },
);

registerWasmKernel(
  LAYER_NORM_WEIGHT_GRADIENT,
  ({ dy, x, statistics }: Record<'dy' | 'x' | 'statistics', tf.TensorInfo>, native) => {
    const width = x.shape[x.shape.length - 1];
    const dWeight = native.output([width]);
    const dBias = native.output([width]);
    const addresses = [dy, x, statistics, dWeight, dBias].map((tensor) => native.address(tensor));
    native.run('layerNormWeightGradient', width, [...addresses, rowsOf(x), width]);
    return [dWeight, dBias];
  },
);
