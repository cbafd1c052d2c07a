import * as tf from '@tensorflow/tfjs-core';
import { precisionOf } from '../../device/webgpu/half';
import { LINEAR, LINEAR_INPUT_GRADIENT, LINEAR_WEIGHT_GRADIENT, registerKernel } from '../kernels';
import { tiledMatmul } from './matmul';
import { disposeNorm, normToRepeat } from './rowNorm';

/** `linear` on WebGPU: each kernel is one dispatch. */
const rowsOf = (x: tf.TensorInfo) => tf.util.sizeFromShape(x.shape.slice(0, -1));

registerKernel(LINEAR, 'webgpu', (inputs, attributes) => {
  const { x, weight } = inputs;
  const { bias, residual } = inputs;
  const { activation } = attributes;
  const [out, inner] = weight.shape;
  const precision = precisionOf(weight);
  const rowNorm = precision === 'float32' ? normToRepeat(x, [rowsOf(x), out, inner]) : undefined;
  const outputs = tiledMatmul({
    layout: 'NT',
    m: rowsOf(x),
    n: out,
    k: inner,
    a: { tensor: x, rowStride: inner },
    b: { tensor: weight, rowStride: inner, precision },
    rowNorm,
    output: { shape: [...x.shape.slice(0, -1), out], rowStride: out },
    bias,
    residual,
    activation,
  });
  if (rowNorm) disposeNorm(rowNorm);
  return activation ? outputs : outputs[0];
});

registerKernel(LINEAR_INPUT_GRADIENT, 'webgpu', ({ dy, weight, slopes }) => {
  const [out, inner] = weight.shape;
  return tiledMatmul({
    layout: 'NN',
    m: rowsOf(dy),
    n: inner,
    k: out,
    a: { tensor: dy, rowStride: out },
    b: { tensor: weight, rowStride: inner },
    output: { shape: [...dy.shape.slice(0, -1), inner], rowStride: inner },
    factors: slopes,
  })[0];
});

registerKernel(LINEAR_WEIGHT_GRADIENT, 'webgpu', (inputs, attributes) => {
  const { dy, x } = inputs;
  const { bias } = attributes;
  const out = dy.shape[dy.shape.length - 1];
  const inner = x.shape[x.shape.length - 1];
  const outputs = tiledMatmul({
    layout: 'TN',
    m: out,
    n: inner,
    k: rowsOf(x),
    a: { tensor: dy, rowStride: out },
    b: { tensor: x, rowStride: inner },
    output: { shape: [out, inner], rowStride: inner },
    columnSums: bias,
  });
  return bias ? outputs : outputs[0];
});
