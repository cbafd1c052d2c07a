import * as tf from '@tensorflow/tfjs-core';
import { rowProgram } from './lines';
import { type Operand, tiledMatmul } from './matmul';
import { onWebGPU, toTensor } from './program';

/**
 * Attention on WebGPU in three dispatches: scores, softmax, mix. The heads are read where they lie in
 * [batch, tokens, width], so nothing is transposed. The backward pass computes the weights again instead of
 * keeping a [tokens, tokens] matrix a head for every layer.
 */
const KERNEL = 'ClipAttention';

interface Attributes {
  heads: number;
  causal: boolean;
}

/** The kernel, or undefined where it does not apply: another backend, or heads that vectors of four do not divide. */
export function attentionKernel(
  q: tf.Tensor,
  k: tf.Tensor,
  v: tf.Tensor,
  heads: number,
  causal: boolean,
): tf.Tensor | undefined {
  if (!onWebGPU() || (q.shape[2] as number) % (4 * heads) !== 0) return undefined;
  return tf.engine().runKernel(KERNEL, { q, k, v }, { heads, causal }) as tf.Tensor;
}

/** The products of one attention, by the shapes of its parts. */
function products(shape: number[], heads: number) {
  const [outer, tokens, width] = shape;
  const headSize = width / heads;
  const batch = { outer, inner: heads };
  const token = { rowStride: width, outerStride: tokens * width, innerStride: headSize };
  const square = { rowStride: tokens, outerStride: heads * tokens * tokens, innerStride: tokens * tokens };
  const byToken = (tensor: tf.TensorInfo): Operand => ({ tensor, ...token });
  const bySquare = (tensor: tf.TensorInfo): Operand => ({ tensor, ...square });
  return {
    /** a bᵀ of each head: [batch, heads, tokens, tokens]. */
    outerProduct: (a: tf.TensorInfo, b: tf.TensorInfo, scale: number) =>
      tiledMatmul({
        layout: 'NT',
        m: tokens,
        n: tokens,
        k: headSize,
        a: byToken(a),
        b: byToken(b),
        output: { shape: [outer, heads, tokens, tokens], ...square },
        batch,
        scale,
      }),
    /** weights x (or weightsᵀ x) of each head: [batch, tokens, width]. */
    mix: (weights: tf.TensorInfo, x: tf.TensorInfo, layout: 'NN' | 'TN', scale = 1) =>
      tiledMatmul({
        layout,
        m: tokens,
        n: headSize,
        k: tokens,
        a: bySquare(weights),
        b: byToken(x),
        output: { shape, ...token },
        batch,
        scale,
      }),
  };
}

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { q, k, v } = inputs as Record<'q' | 'k' | 'v', tf.TensorInfo>;
    const { heads, causal } = attrs as unknown as Attributes;
    const { mix } = products(q.shape, heads);
    const weights = attentionWeights(q, k, heads, causal);
    const mixed = mix(weights, v, 'NN');
    tf.backend().disposeData(weights.dataId);
    return mixed;
  },
});

function attentionWeights(q: tf.TensorInfo, k: tf.TensorInfo, heads: number, causal: boolean): tf.TensorInfo {
  const scores = products(q.shape, heads).outerProduct(q, k, (q.shape[2] / heads) ** -0.5);
  const weights = softmaxRows(scores, causal);
  tf.backend().disposeData(scores.dataId);
  return weights;
}

tf.registerGradient({
  kernelName: KERNEL,
  inputsToSave: ['q', 'k', 'v'],
  gradFunc: (dy, [q, k, v], attrs) => {
    const { heads, causal } = attrs as unknown as Attributes;
    const { outerProduct, mix } = products(q.shape, heads);
    const scale = ((q.shape[2] as number) / heads) ** -0.5;
    const gradient = dy as tf.Tensor;
    const weights = toTensor(attentionWeights(q, k, heads, causal));
    const weightGradient = toTensor(outerProduct(gradient, v, 1));
    const scoreGradient = toTensor(softmaxGradient(weights, weightGradient));
    weightGradient.dispose();
    return {
      q: () => toTensor(mix(scoreGradient, k, 'NN', scale)),
      k: () => toTensor(mix(scoreGradient, q, 'TN', scale)),
      v: () => toTensor(mix(weights, gradient, 'TN')),
    };
  },
});

/** softmax over the last axis; with `causal`, row r of each square keeps its first r + 1 columns. */
function softmaxRows(x: tf.TensorInfo, causal: boolean): tf.TensorInfo {
  const code = `
    let seen = ${causal ? 'item % uniforms.width + 1' : 'uniforms.width'};
    var largest = X[start];
    for (var j = 1; j < seen; j = j + 1) { largest = max(largest, X[start + j]); }
    var sum = 0.0;
    for (var j = 0; j < seen; j = j + 1) {
      let e = exp(X[start + j] - largest);
      sum += e;
      result[start + j] = e;
    }
    let share = 1.0 / sum;
    for (var j = 0; j < seen; j = j + 1) { result[start + j] = result[start + j] * share; }
    for (var j = seen; j < uniforms.width; j = j + 1) { result[start + j] = 0.0; }`;
  return rowProgram(`softmaxRows_${causal}`, { X: x }, code);
}

/** Gradient of softmax: y ⊙ (dy − Σ y·dy) a row. */
function softmaxGradient(y: tf.TensorInfo, dy: tf.TensorInfo): tf.TensorInfo {
  const code = `
    var sum = 0.0;
    for (var j = 0; j < uniforms.width; j = j + 1) { sum += Y[start + j] * Gradient[start + j]; }
    for (var j = 0; j < uniforms.width; j = j + 1) {
      result[start + j] = Y[start + j] * (Gradient[start + j] - sum);
    }`;
  return rowProgram('softmaxGradient', { Y: y, Gradient: dy }, code);
}
