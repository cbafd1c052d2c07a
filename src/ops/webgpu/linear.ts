import * as tf from '@tensorflow/tfjs-core';
import { precisionOf } from '../../device/webgpu/half';
import type { Activation } from '../activation';
import { LINEAR, LINEAR_INPUT_GRADIENT, LINEAR_WEIGHT_GRADIENT } from '../kernels';
import { tiledMatmul } from './matmul';

/** `linear` on WebGPU: each kernel is one dispatch. */
const rowsOf = (x: tf.TensorInfo) => tf.util.sizeFromShape(x.shape.slice(0, -1));

tf.registerKernel({
  kernelName: LINEAR,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { x, weight } = inputs as Record<'x' | 'weight', tf.TensorInfo>;
    const { bias, residual } = inputs as Partial<Record<'bias' | 'residual', tf.TensorInfo>>;
    const { activation } = attrs as unknown as { activation?: Activation };
    const [out, inner] = weight.shape;
    const outputs = tiledMatmul({
      layout: 'NT',
      m: rowsOf(x),
      n: out,
      k: inner,
      a: { tensor: x, rowStride: inner },
      b: { tensor: weight, rowStride: inner, precision: precisionOf(weight) },
      output: { shape: [...x.shape.slice(0, -1), out], rowStride: out },
      bias,
      residual,
      activation,
    });
    return activation ? outputs : outputs[0];
  },
});

tf.registerKernel({
  kernelName: LINEAR_INPUT_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, weight } = inputs as Record<'dy' | 'weight', tf.TensorInfo>;
    const { before } = inputs as { before?: tf.TensorInfo };
    const { activation } = attrs as unknown as { activation?: Activation };
    const [out, inner] = weight.shape;
    return tiledMatmul({
      layout: 'NN',
      m: rowsOf(dy),
      n: inner,
      k: out,
      a: { tensor: dy, rowStride: out },
      b: { tensor: weight, rowStride: inner },
      output: { shape: [...dy.shape.slice(0, -1), inner], rowStride: inner },
      slope: activation && before && { activation, at: before },
    })[0];
  },
});

tf.registerKernel({
  kernelName: LINEAR_WEIGHT_GRADIENT,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { dy, x } = inputs as Record<'dy' | 'x', tf.TensorInfo>;
    const { bias } = attrs as unknown as { bias: boolean };
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
  },
});
