import * as tf from '@tensorflow/tfjs-core';
import { columnSums } from './lines';
import { type MatmulOptions, tiledMatmul } from './matmul';
import { onWebGPU, toTensor } from './program';

/**
 * `linear` on WebGPU: product, bias and residual in one dispatch; each gradient in one dispatch of its own,
 * and only where it is asked for (frozen weights cost nothing).
 */
const KERNEL = 'ClipLinear';

interface LinearInputs extends tf.NamedTensorInfoMap {
  x: tf.TensorInfo;
  weight: tf.TensorInfo;
}

/** The fused kernel, or undefined where it does not apply: another backend, or sizes that vectors of four do not divide. */
export function linearKernel(
  x: tf.Tensor,
  weight: tf.Tensor,
  bias?: tf.Tensor,
  residual?: tf.Tensor,
): tf.Tensor | undefined {
  const [out, inner] = weight.shape;
  if (!onWebGPU() || inner % 4 !== 0 || out % 4 !== 0) return undefined;
  const inputs = { x, weight, ...(bias && { bias }), ...(residual && { residual }) };
  return tf.engine().runKernel(KERNEL, inputs) as tf.Tensor;
}

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'webgpu',
  kernelFunc: ({ inputs }) => {
    const { x, weight, bias, residual } = inputs as LinearInputs;
    const [out, inner] = weight.shape;
    return tiledMatmul({
      layout: 'NT',
      m: rowsOf(x),
      n: out,
      k: inner,
      a: { tensor: x, rowStride: inner },
      b: { tensor: weight, rowStride: inner },
      output: { shape: [...x.shape.slice(0, -1), out], rowStride: out },
      bias,
      residual,
    });
  },
});

tf.registerGradient({
  kernelName: KERNEL,
  inputsToSave: ['x', 'weight'],
  gradFunc: (dy, saved) => {
    const [x, weight] = saved;
    const [out, inner] = weight.shape;
    const rows = rowsOf(x);
    const gradient = dy as tf.Tensor;
    return {
      x: () =>
        matmul({
          layout: 'NN',
          m: rows,
          n: inner,
          k: out,
          a: { tensor: gradient, rowStride: out },
          b: { tensor: weight, rowStride: inner },
          output: { shape: x.shape, rowStride: inner },
        }),
      weight: () =>
        matmul({
          layout: 'TN',
          m: out,
          n: inner,
          k: rows,
          a: { tensor: gradient, rowStride: out },
          b: { tensor: x, rowStride: inner },
          output: { shape: [out, inner], rowStride: inner },
        }),
      bias: () => toTensor(columnSums(gradient)),
      residual: () => tf.clone(gradient),
    };
  },
});

const matmul = (options: MatmulOptions) => toTensor(tiledMatmul(options));

const rowsOf = (x: tf.TensorInfo) => tf.util.sizeFromShape(x.shape.slice(0, -1));
