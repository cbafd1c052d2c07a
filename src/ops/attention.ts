import * as tf from '@tensorflow/tfjs-core';
import { onWebGPU } from '../device/webgpu/backend';
import { ATTENTION, ATTENTION_GRADIENT, hasKernel, registerGradient, runKernel, runKernels } from './kernels';
import { someTokens } from './someTokens';
import './wasm/attention';
import './webgpu/attention';

/**
 * Multi-head attention: softmax(q kᵀ / √headSize) v for each head, heads side by side (Vaswani et al. 2017).
 * The WGSL kernels never hold a [tokens, tokens] matrix (Dao et al. 2022).
 *
 * @param qkv queries, keys and values side by side, [batch, tokens, 3 width]
 * @param causal a token sees only itself and those before it
 * @param queries how many tokens are asked for, the first ones; they look at all
 * @returns [batch, queries, width]
 */
export function attention(
  qkv: tf.Tensor,
  heads: number,
  causal: boolean,
  queries = qkv.shape[1] as number,
): tf.Tensor {
  const [, tokens, threeWidths] = qkv.shape as [number, number, number];
  // The WGSL kernels read vectors of four.
  const fits = (threeWidths / (3 * heads)) % 4 === 0 || !onWebGPU();
  if (!hasKernel(ATTENTION) || !fits) return attentionComposition(qkv, heads, causal, queries);
  // The WebAssembly kernels compute all.
  const computed = onWebGPU() ? queries : tokens;
  const [mixed, logSumExp] = runKernels(ATTENTION, { qkv }, { heads, causal, queries: computed });
  logSumExp.dispose();
  return computed === queries ? mixed : someTokens(mixed, 0, queries);
}

/** What `attention` means. */
export function attentionComposition(
  qkv: tf.Tensor,
  heads: number,
  causal: boolean,
  queries = qkv.shape[1] as number,
): tf.Tensor {
  return tf.tidy(() => {
    const [batch, tokens, threeWidths] = qkv.shape as [number, number, number];
    const width = threeWidths / 3;
    const headSize = width / heads;
    const byHead = tf.transpose(tf.reshape(qkv, [batch, tokens, 3, heads, headSize]), [2, 0, 3, 1, 4]);
    const [q, k, v] = tf.unstack(byHead);
    let scores: tf.Tensor = tf.mul(tf.matMul(q, k, false, true), headSize ** -0.5);
    if (causal) scores = tf.add(scores, causalMask(tokens));
    const mixed = tf.matMul(tf.softmax(scores), v);
    const whole = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch, tokens, width]);
    return tf.slice(whole, [0, 0, 0], [batch, queries, width]);
  });
}

/** [tokens, tokens]: 0 where a token may look, a number that softmax turns into 0 where it may not. */
function causalMask(tokens: number): tf.Tensor {
  const mask = new Float32Array(tokens * tokens);
  for (let row = 0; row < tokens; row++) mask.fill(-1e9, row * tokens + row + 1, (row + 1) * tokens);
  return tf.tensor(mask, [tokens, tokens]);
}

registerGradient(
  ATTENTION,
  { inputs: ['qkv'], outputs: [true, true] },
  ([dy], [qkv, mixed, logSumExp], attributes) => ({
    qkv: () => runKernel(ATTENTION_GRADIENT, { dy, qkv, mixed, logSumExp }, attributes),
  }),
);
