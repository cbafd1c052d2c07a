import type * as tf from '@tensorflow/tfjs-core';
import { onWebGPU, webgpuBackend } from './backend';

/**
 * How a frozen matrix lies on the device, and how it is multiplied there.
 *
 * - `float16`: it lies as float16, half the memory; products widen it, and are float32.
 * - `float16-arithmetic`: beside that, products round their other factor to float16 too and multiply in float16 where
 *   that was measured to be faster (`tuneHalfMatmul`). Of at most 16 products the sums are float16; these are added up in
 *   float32. That errs by about 2⁻¹¹ of a sum's typical size, and a teacher's features by about 1e-3. It overflows where
 *   16 neighbouring products add up to 65,504: what a tower multiplies is normalised, or comes out of an activation or
 *   of attention, and reaches some hundred; what adds up beyond, the residual stream, is float32 throughout.
 *
 * What is trained is float32, as are its products and gradients: float16 ends at 6e-8, below which many gradients lie,
 * and would need losses scaled up.
 */
export type Precision = 'float32' | 'float16' | 'float16-arithmetic';

/** Of tensors' data that tfjs takes for float32, though it is not. */
const precisions = new WeakMap<tf.DataId, Precision>();

/** How a tensor lies. Only `linear` reads others than float32, as its weight. */
export const precisionOf = ({ dataId }: tf.TensorInfo): Precision => precisions.get(dataId) ?? 'float32';

/** Whether the device computes with float16. */
export const hasHalf = (): boolean => onWebGPU() && webgpuBackend().device.features.has('shader-f16');

/** Says of a tensor's data how it lies. */
export function markPrecision(dataId: tf.DataId, precision: Precision): void {
  precisions.set(dataId, precision);
}
