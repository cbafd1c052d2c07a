import * as tf from '@tensorflow/tfjs-core';

// The fused kernels by name: inputs → outputs. Each backend registers those that it has in a folder of its own;
// where it has none, an op is computed as its composition. All are float32.

/** x [..., in], weight [out, in], bias? [out], residual? → y; with the attribute `activation`: y and what it was before. */
export const LINEAR = 'ClipLinear';
/**
 * dy [..., out], weight → dx [..., in]; with before [..., in] and the attribute `activation` that times the activation's
 * slope there.
 */
export const LINEAR_INPUT_GRADIENT = 'ClipLinearInputGradient';
/** dy [..., out], x [..., in] → dW [out, in], and with the attribute `bias` db [out]. */
export const LINEAR_WEIGHT_GRADIENT = 'ClipLinearWeightGradient';
/** x, weight1, bias1, weight2, bias2, residual → y, and what its second layer was given, after and before the activation. */
export const MLP = 'ClipMlp';
/** qkv → mixed, and the log of the sum of the exponentials of each row of scores, [batch, heads, tokens]. */
export const ATTENTION = 'ClipAttention';
/** dy, qkv, mixed, logSumExp → the gradient of qkv. */
export const ATTENTION_GRADIENT = 'ClipAttentionGradient';
/**
 * x, weight, bias → y; each row's mean and 1/√(variance + ε), [rows, 2]; and with the attribute `around` x itself,
 * sharing its data, for what goes around the norm. Attribute `epsilon`.
 */
export const LAYER_NORM = 'ClipLayerNorm';
/** dy, x, weight, statistics, around? (the gradient of what went around the norm) → dx. */
export const LAYER_NORM_INPUT_GRADIENT = 'ClipLayerNormInputGradient';
/** dy, x, statistics → the gradients of weight and bias. */
export const LAYER_NORM_WEIGHT_GRADIENT = 'ClipLayerNormWeightGradient';
/** x [..., width] → y. */
export const L2_NORMALIZE = 'ClipL2Normalize';
/** dy, x → dx. */
export const L2_NORMALIZE_GRADIENT = 'ClipL2NormalizeGradient';
/** student, teacher [batch, texts] → the loss, a scalar; attribute `temperature`. */
export const SOFTMAX_KL = 'ClipSoftmaxKL';
/** dy (a scalar), student, teacher → the gradient of student; attribute `temperature`. */
export const SOFTMAX_KL_GRADIENT = 'ClipSoftmaxKLGradient';
/** x [batch, features] → mean and variance, both [features]. */
export const BATCH_STATISTICS = 'ClipBatchStatistics';
/** dMean, dVariance, x, mean → dx. */
export const BATCH_STATISTICS_GRADIENT = 'ClipBatchStatisticsGradient';
/** x, weight, bias → y, by the batch's own statistics; attribute `epsilon`. */
export const BATCH_NORM = 'ClipBatchNorm';
/** dy, x, weight → dx; attribute `epsilon`. */
export const BATCH_NORM_INPUT_GRADIENT = 'ClipBatchNormInputGradient';
/** dy, x → the gradients of weight and bias; attribute `epsilon`. */
export const BATCH_NORM_WEIGHT_GRADIENT = 'ClipBatchNormWeightGradient';
/** a, b of one shape → factor · Σ |a − b|, a scalar. */
export const ABSOLUTE_DISTANCE = 'ClipAbsoluteDistance';
/** dy (a scalar), a, b → the gradient of a. */
export const ABSOLUTE_DISTANCE_GRADIENT = 'ClipAbsoluteDistanceGradient';
/** x → softmax(scale · x) over the last axis. */
export const SCALED_SOFTMAX = 'ClipScaledSoftmax';
/** dy, y → dx. */
export const SCALED_SOFTMAX_GRADIENT = 'ClipScaledSoftmaxGradient';
/** classEmbedding [width], patches [batch, patches, width], positions [1 + patches, width] → tokens. */
export const ASSEMBLE_TOKENS = 'ClipAssembleTokens';
/** dy → the gradients of positions and classEmbedding. */
export const ASSEMBLE_TOKENS_GRADIENT = 'ClipAssembleTokensGradient';
/** x → the sums of the squares of its parts, [parts]. */
export const SUMS_OF_SQUARES = 'ClipSumsOfSquares';
/** parameter, gradient, firstMoment, secondMoment → nothing; all but the gradient are changed in place; attributes as `AdamWOptions`. */
export const ADAMW = 'ClipAdamW';

export interface AdamWOptions {
  /** What the gradient is multiplied by before anything else. */
  scale: number;
  learningRate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  /** 0 for tensors that are not decayed. */
  weightDecay: number;
  /** Steps taken with this one, from 1, for the bias correction. */
  step: number;
}

/** Whether the current backend has a fused kernel of this name. */
export function hasKernel(name: string): boolean {
  return tf.getKernel(name, tf.getBackend()) !== undefined;
}

/** Runs a fused kernel with one output; differentiable where a gradient is registered for its name. */
export function runKernel(name: string, inputs: tf.NamedTensorMap, attributes: object = {}): tf.Tensor {
  return tf.engine().runKernel(name, inputs, { ...attributes }) as tf.Tensor;
}

/** As `runKernel`, for one with several outputs. */
export function runKernels(name: string, inputs: tf.NamedTensorMap, attributes: object = {}): tf.Tensor[] {
  return tf.engine().runKernel(name, inputs, { ...attributes }) as tf.Tensor[];
}

/**
 * Two gradients that one kernel computes, as the two functions by which the tape asks for them: whichever is asked for
 * first keeps the other's until that is asked for too. The tape must ask for both or for neither.
 */
export function gradientPair(compute: () => tf.Tensor[]): [() => tf.Tensor, () => tf.Tensor] {
  const waiting: (tf.Tensor | undefined)[] = [];
  const ask = (index: 0 | 1) => {
    const ready = waiting[index];
    if (ready) {
      const result = tf.clone(ready);
      ready.dispose();
      return result;
    }
    const both = compute();
    waiting[1 - index] = tf.keep(both[1 - index]);
    return both[index];
  };
  return [() => ask(0), () => ask(1)];
}
