import * as tf from '@tensorflow/tfjs-core';
import type { BackendName } from '../device/info';
import type { Activation } from './activation';

// The fused kernels: inputs → outputs. Each backend registers those that it has in a folder of its own; where it has
// none, an op is computed as its composition. All are float32.

/** A kernel's name, by whose type every caller and every backend has the same inputs and attributes. */
export type Kernel<Inputs, Attributes> = string & { inputs?: Inputs; attributes?: Attributes };

type Inputs<Required extends string, Optional extends string = never> = Record<Required, tf.TensorInfo> &
  Partial<Record<Optional, tf.TensorInfo>>;

type None = Record<never, never>;

/** By their place. */
type Scalars = Record<number, tf.TensorInfo>;

/** x [..., in], weight [out, in], bias? [out], residual? → y; with the attribute `activation`: y and the activation's slopes. */
export const LINEAR: Kernel<
  Inputs<'x' | 'weight', 'bias' | 'residual'>,
  { activation?: Activation; hasBias?: boolean }
> = 'ClipLinear';
/** dy [..., out], weight → dx [..., in]; with slopes [..., in], those of an activation that came before, times them. */
export const LINEAR_INPUT_GRADIENT: Kernel<
  Inputs<'dy' | 'weight', 'slopes'>,
  None
> = 'ClipLinearInputGradient';
/** dy [..., out], x [..., in] → dW [out, in], and with the attribute `bias` db [out]. */
export const LINEAR_WEIGHT_GRADIENT: Kernel<
  Inputs<'dy' | 'x'>,
  { bias: boolean }
> = 'ClipLinearWeightGradient';
/** x, weight1, bias1, weight2, bias2, residual → y, what its second layer was given, and the activation's slopes. */
export const MLP: Kernel<
  Inputs<'x' | 'weight1' | 'bias1' | 'weight2' | 'bias2' | 'residual'>,
  { activation: Activation }
> = 'ClipMlp';
/** qkv → mixed [batch, queries, width], and the log of the sum of the exponentials of each row of scores, [batch, heads, queries]. */
export const ATTENTION: Kernel<Inputs<'qkv'>, AttentionAttributes> = 'ClipAttention';
/** dy, qkv, mixed, logSumExp → the gradient of qkv. */
export const ATTENTION_GRADIENT: Kernel<
  Inputs<'dy' | 'qkv' | 'mixed' | 'logSumExp'>,
  AttentionAttributes
> = 'ClipAttentionGradient';
/**
 * x, weight, bias → y; each row's mean and 1/√(variance + ε), [rows, 2]; and with the attribute `around` x itself,
 * sharing its data, for what goes around the norm. Attribute `epsilon`.
 */
export const LAYER_NORM: Kernel<
  Inputs<'x' | 'weight' | 'bias'>,
  { epsilon: number; around: boolean }
> = 'ClipLayerNorm';
/** dy, x, weight, statistics, around? (the gradient of what went around the norm) → dx. */
export const LAYER_NORM_INPUT_GRADIENT: Kernel<
  Inputs<'dy' | 'x' | 'weight' | 'statistics', 'around'>,
  None
> = 'ClipLayerNormInputGradient';
/** dy, x, statistics → the gradients of weight and bias. */
export const LAYER_NORM_WEIGHT_GRADIENT: Kernel<
  Inputs<'dy' | 'x' | 'statistics'>,
  None
> = 'ClipLayerNormWeightGradient';
/** x [..., width] → y. */
export const L2_NORMALIZE: Kernel<Inputs<'x'>, None> = 'ClipL2Normalize';
/** dy, x → dx. */
export const L2_NORMALIZE_GRADIENT: Kernel<Inputs<'dy' | 'x'>, None> = 'ClipL2NormalizeGradient';
/** student, teacher [batch, texts] → the loss, a scalar. */
export const SOFTMAX_KL: Kernel<Inputs<'student' | 'teacher'>, SoftmaxKLAttributes> = 'ClipSoftmaxKL';
/** dy (a scalar), student, teacher → the gradient of student. */
export const SOFTMAX_KL_GRADIENT: Kernel<
  Inputs<'dy' | 'student' | 'teacher'>,
  SoftmaxKLAttributes
> = 'ClipSoftmaxKLGradient';
/** x [batch, features] → mean and variance, both [features]. */
export const BATCH_STATISTICS: Kernel<Inputs<'x'>, None> = 'ClipBatchStatistics';
/** dMean, dVariance, x, mean → dx. */
export const BATCH_STATISTICS_GRADIENT: Kernel<
  Inputs<'dMean' | 'dVariance' | 'x' | 'mean'>,
  None
> = 'ClipBatchStatisticsGradient';
/** x, weight, bias → y, by the batch's own statistics and ReLU; attribute `epsilon`. */
export const BATCH_NORM: Kernel<Inputs<'x' | 'weight' | 'bias'>, { epsilon: number }> = 'ClipBatchNorm';
/** dy, x, weight, bias → dx; attribute `epsilon`. */
export const BATCH_NORM_INPUT_GRADIENT: Kernel<
  Inputs<'dy' | 'x' | 'weight' | 'bias'>,
  { epsilon: number }
> = 'ClipBatchNormInputGradient';
/** dy, x, weight, bias → the gradients of weight and bias; attribute `epsilon`. */
export const BATCH_NORM_WEIGHT_GRADIENT: Kernel<
  Inputs<'dy' | 'x' | 'weight' | 'bias'>,
  { epsilon: number }
> = 'ClipBatchNormWeightGradient';
/** a, b of one shape → factor · Σ |a − b|, a scalar. */
export const ABSOLUTE_DISTANCE: Kernel<Inputs<'a' | 'b'>, { factor: number }> = 'ClipAbsoluteDistance';
/** dy (a scalar), a, b → the gradient of a. */
export const ABSOLUTE_DISTANCE_GRADIENT: Kernel<
  Inputs<'dy' | 'a' | 'b'>,
  { factor: number }
> = 'ClipAbsoluteDistanceGradient';
/** x → softmax(scale · x) over the last axis. */
export const SCALED_SOFTMAX: Kernel<Inputs<'x'>, { scale: number }> = 'ClipScaledSoftmax';
/** dy, y → dx. */
export const SCALED_SOFTMAX_GRADIENT: Kernel<
  Inputs<'dy' | 'y'>,
  { scale: number }
> = 'ClipScaledSoftmaxGradient';
/**
 * patches [batch, 1 + patches, 3 patchSize²], the first of each 0, weight [width, 3 patchSize²], bias? [width],
 * classEmbedding [width], positions [1 + patches, width] → tokens [batch, 1 + patches, width].
 */
export const EMBED_TOKENS: Kernel<
  Inputs<'patches' | 'weight' | 'classEmbedding' | 'positions', 'bias'>,
  None
> = 'ClipEmbedTokens';
/** dy → the gradients of positions and classEmbedding. */
export const EMBED_TOKENS_GRADIENT: Kernel<Inputs<'dy'>, None> = 'ClipEmbedTokensGradient';
/** pixels [batch, 3, size, size] → patches, [batch, patches, 3 patchSize²]; one row more with `afterClassRow`. */
export const PATCHES: Kernel<Inputs<'pixels'>, { patchSize: number; afterClassRow: boolean }> = 'ClipPatches';
/** x [batch, tokens, width] → tokens first … first + count of each, [batch, count, width]. */
export const SOME_TOKENS: Kernel<Inputs<'x'>, TokenRange> = 'ClipSomeTokens';
/** dy [batch, count, width] → dx, 0 for all other tokens. */
export const SOME_TOKENS_GRADIENT: Kernel<Inputs<'dy'>, TokenRange> = 'ClipSomeTokensGradient';
/** u, a [batch, d], alpha → rows of alpha · a + u, of length 1. */
export const BLEND: Kernel<Inputs<'u' | 'a' | 'alpha'>, None> = 'ClipBlend';
/** dy, u, a, alpha → the gradients of u, a and alpha. */
export const BLEND_GRADIENT: Kernel<Inputs<'dy' | 'u' | 'a' | 'alpha'>, None> = 'ClipBlendGradient';
/** Scalars → Σ weight · scalar, a scalar. */
export const WEIGHTED_SUM: Kernel<Scalars, { weights: number[] }> = 'ClipWeightedSum';
/** Scalars → all of them in a row, [scalars]; no gradient goes there. */
export const STACK_SCALARS: Kernel<Scalars, None> = 'ClipStackScalars';
/** x → the sums of the squares of its parts, [parts]. */
export const SUMS_OF_SQUARES: Kernel<Inputs<'x'>, None> = 'ClipSumsOfSquares';
/** parameter, gradient, firstMoment, secondMoment → nothing; all but the gradient are changed in place; attributes as `AdamWOptions`. */
export const ADAMW: Kernel<
  Inputs<'parameter' | 'gradient' | 'firstMoment' | 'secondMoment'>,
  AdamWOptions
> = 'ClipAdamW';

export interface SoftmaxKLAttributes {
  temperature: number;
  /** What both are multiplied by first. */
  scale: number;
}

export interface TokenRange {
  /** Of x. */
  tokens: number;
  first: number;
  count: number;
}

export interface AttentionAttributes {
  heads: number;
  /** A token sees only itself and those before it. */
  causal: boolean;
  /** Tokens that look, the first ones; all of them on WebAssembly. */
  queries: number;
}

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

/** The same inputs as an op has them. */
type Tensors<Inputs> = { [Name in keyof Inputs]: tf.Tensor };

/** Runs a fused kernel with one output; differentiable where a gradient is registered for it. */
export function runKernel<Inputs, Attributes extends object>(
  kernel: Kernel<Inputs, Attributes>,
  inputs: Tensors<NoInfer<Inputs>>,
  attributes: NoInfer<Attributes>,
): tf.Tensor {
  return tf.engine().runKernel(kernel, defined<tf.Tensor>(inputs), defined(attributes)) as tf.Tensor;
}

/** As `runKernel`, for one with several outputs. */
export function runKernels<Inputs, Attributes extends object>(
  kernel: Kernel<Inputs, Attributes>,
  inputs: Tensors<NoInfer<Inputs>>,
  attributes: NoInfer<Attributes>,
): tf.Tensor[] {
  return tf.engine().runKernel(kernel, defined<tf.Tensor>(inputs), defined(attributes)) as tf.Tensor[];
}

/** The tape takes no inputs that are undefined. */
function defined<T>(values: object): Record<string, T> {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined));
}

/** What a backend computes for a kernel. */
export type Compute<Inputs, Attributes> = (
  inputs: Inputs,
  attributes: Attributes,
  backend: tf.KernelBackend,
) => tf.TensorInfo | tf.TensorInfo[];

/** Registers a kernel for a backend. */
export function registerKernel<Inputs, Attributes>(
  kernelName: Kernel<Inputs, Attributes>,
  backendName: BackendName,
  compute: Compute<NoInfer<Inputs>, NoInfer<Attributes>>,
): void {
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs, backend }) =>
      compute(inputs as Inputs, attrs as Attributes, backend as tf.KernelBackend),
  });
}

/** What the tape keeps of a kernel for its gradient. */
interface Saved<Inputs> {
  inputs?: Extract<keyof Inputs, string>[];
  outputs?: boolean[];
}

/**
 * Registers a kernel's gradient.
 *
 * @param gradient given the outputs' gradients and what was saved, the inputs first: the inputs' gradients, each
 *   computed when the tape asks for it
 */
export function registerGradient<Inputs, Attributes>(
  kernelName: Kernel<Inputs, Attributes>,
  { inputs: inputsToSave, outputs: outputsToSave }: Saved<NoInfer<Inputs>>,
  gradient: (
    dys: tf.Tensor[],
    saved: tf.Tensor[],
    attributes: NoInfer<Attributes>,
  ) => Record<keyof Inputs, () => tf.Tensor>,
): void {
  tf.registerGradient({
    kernelName,
    inputsToSave,
    outputsToSave,
    gradFunc: (dys, saved, attributes) => gradient([dys].flat(), saved, attributes as Attributes),
  });
}

/**
 * Gradients that one kernel computes, as the functions by which the tape asks for them: whichever is asked for first
 * keeps the others' until these are asked for too. The tape must ask for all or for none.
 */
export function gradientsTogether(count: number, compute: () => tf.Tensor[]): (() => tf.Tensor)[] {
  const waiting: (tf.Tensor | undefined)[] = [];
  const ask = (index: number) => {
    const ready = waiting[index];
    if (ready) {
      const result = tf.clone(ready);
      ready.dispose();
      return result;
    }
    for (const [i, gradient] of compute().entries()) waiting[i] = i === index ? gradient : tf.keep(gradient);
    return waiting[index] as tf.Tensor;
  };
  return Array.from({ length: count }, (_, index) => () => ask(index));
}
