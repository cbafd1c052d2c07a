import * as tf from '@tensorflow/tfjs-core';
import { bindingOf, viewTensor, webgpuBackend } from '../../device/webgpu/backend';
import { joining } from '../../device/webgpu/lanes';
import { currentTrace, Temporary } from '../../device/webgpu/trace';

// In a traced step a small product norms its rows itself, from what the norm was given, and so need not wait for the
// norm's dispatch: every workgroup does it anew, which on lavapipe takes no longer than a dispatch costs. A norm whose
// result nobody else reads is left out.

/** The layer norm of x's rows; without `affine` their L2 norm. */
export interface RowNorm<T = tf.TensorInfo> {
  x: T;
  affine?: { weight: T; bias: T; epsilon: number };
}

interface Remembered {
  norm: RowNorm<object>;
  /** How many tensors from outside the step had been changed by then: the weights may be among those that come after. */
  changed: number;
}

/** By where the norms' results lie. */
const norms = new WeakMap<object, Remembered>();

/** Multiplications of a product up to which it does the norm again. */
const MOST_PRODUCTS = 2 ** 21;

const resourceOf = (tensor: tf.TensorInfo): object => bindingOf(webgpuBackend(), tensor);

/** Remembers what a tensor of a traced step is the norm of. */
export function rememberNorm(result: tf.TensorInfo, { x, affine }: RowNorm): void {
  const trace = currentTrace();
  if (!trace) return;
  const rows = resourceOf(x);
  // What lies outside of the step may change before the product reads it.
  if (!(rows instanceof Temporary)) return;
  const { weight, bias, epsilon } = affine ?? {};
  const norm: RowNorm<object> = { x: rows };
  if (weight && bias && epsilon !== undefined)
    norm.affine = { weight: resourceOf(weight), bias: resourceOf(bias), epsilon };
  norms.set(resourceOf(result), { norm, changed: trace.changed.size });
}

/**
 * What a product of m rows and n columns should read instead of a matrix [m, k], where that is a norm. Its tensors are
 * to be disposed.
 */
export function normToRepeat(
  normed: tf.TensorInfo,
  [m, n, k]: [number, number, number],
): RowNorm<tf.Tensor> | undefined {
  const trace = currentTrace();
  if (!trace || !joining.isOn || k % 4 !== 0 || m * n * k > MOST_PRODUCTS) return;
  const { norm, changed } = norms.get(resourceOf(normed)) ?? {};
  if (!norm || changed !== trace.changed.size) return;
  const { x, affine } = norm;
  return {
    x: viewTensor(x, normed.shape),
    affine: affine && {
      weight: viewTensor(affine.weight, [k]),
      bias: viewTensor(affine.bias, [k]),
      epsilon: affine.epsilon,
    },
  };
}

export const disposeNorm = ({ x, affine }: RowNorm<tf.Tensor>): void =>
  tf.dispose([x, ...(affine ? [affine.weight, affine.bias] : [])]);

/**
 * WGSL for rows of A that are normed as they are read: `rowStatistics` of the row that begins at an element of A, and
 * `normed`, which makes of its four numbers from k on those of the norm. k is a multiple of four.
 */
export function norming(kind: 'layerNorm' | 'l2Norm', aligned: boolean): string {
  const four = (name: string) =>
    aligned ? `${name}[k >> 2u]` : `vec4(${[0, 1, 2, 3].map((i) => `${name}[k + ${i}]`).join(', ')})`;
  // In the order of the norms' own dispatches where a row is one thread's, so that it is the same to the last digit there.
  const sumOver = (values: string) => `
    var sum = 0.0;
    for (var k = 0; k < uniforms.k; k += 4) {
      let x = readA(start + k, 4);
      let values = ${values};
      for (var i = 0; i < 4; i++) { sum += values[i]; }
    }
    return sum;`;
  if (kind === 'l2Norm')
    return `
      fn squaresOf(start : i32) -> f32 { ${sumOver('x * x')} }
      fn rowStatistics(start : i32) -> vec2<f32> {
        return vec2(0.0, inverseSqrt(max(squaresOf(start), 1e-24)));
      }
      fn normed(x : vec4<f32>, k : i32, statistics : vec2<f32>) -> vec4<f32> { return x * statistics.y; }`;
  return `
    fn sumOf(start : i32) -> f32 { ${sumOver('x')} }
    fn squaresAround(mean : f32, start : i32) -> f32 { ${sumOver('(x - mean) * (x - mean)')} }
    fn rowStatistics(start : i32) -> vec2<f32> {
      let share = 1.0 / f32(uniforms.k);
      let mean = sumOf(start) * share;
      return vec2(mean, inverseSqrt(squaresAround(mean, start) * share + uniforms.epsilon));
    }
    fn normed(x : vec4<f32>, k : i32, statistics : vec2<f32>) -> vec4<f32> {
      return (x - statistics.x) * statistics.y * ${four('NormWeight')} + ${four('NormBias')};
    }`;
}
