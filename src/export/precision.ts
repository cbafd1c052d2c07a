import { decodeFloat16, encodeFloat16 } from '../files/floats';
import type { HostTensor, HostTensors } from '../files/tensors';

/**
 * How a file holds weights; all of them are computed with in single precision. `int8` has a scale for each output
 * channel, and leaves activations as they are, so that no calibration is needed.
 */
export const weightPrecisions = ['float32', 'float16', 'int8'] as const;
export type WeightPrecision = (typeof weightPrecisions)[number];

/** The same in words. */
export const howRounded = 'Activations stay float32; 8-bit weights have a scale for each output channel.';

/**
 * Symmetric 8-bit integers: a number is its integer times its channel's scale, the largest of a channel becomes ±127.
 *
 * @param weight channels along its first axis
 */
export function quantise({ shape: [channels], data }: HostTensor): {
  values: Int8Array;
  scales: Float32Array;
} {
  const inner = data.length / channels;
  const values = new Int8Array(data.length);
  const scales = new Float32Array(channels);
  for (let channel = 0; channel < channels; channel++) {
    const row = data.subarray(channel * inner, (channel + 1) * inner);
    let largest = 0;
    for (const value of row) largest = Math.max(largest, Math.abs(value));
    scales[channel] = largest > 0 ? largest / 127 : 1;
    for (let i = 0; i < inner; i++) values[channel * inner + i] = Math.round(row[i] / scales[channel]);
  }
  return { values, scales };
}

/** A student's tensors with the numbers that files of this precision hold. */
export function roundWeights(tensors: HostTensors, precision: WeightPrecision): HostTensors {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, tensor]) => [
      name,
      isWeight(name, tensor) ? rounded(tensor, precision) : tensor,
    ]),
  );
}

/** Bytes that the weights take in a file of this precision. */
export function weightBytes(tensors: HostTensors, precision: WeightPrecision): number {
  const each = { float32: 4, float16: 2, int8: 1 }[precision];
  return Object.entries(tensors).reduce(
    (sum, [name, tensor]) => sum + tensor.data.length * (isWeight(name, tensor) ? each : 4),
    0,
  );
}

/** Of a layer or of the patch embedding; positions, prompts, gains and biases stay float32. */
const isWeight = (name: string, { shape }: HostTensor): boolean =>
  shape.length > 1 && name.endsWith('.weight') && !name.includes('position_embedding');

function rounded({ shape, data }: HostTensor, precision: WeightPrecision): HostTensor {
  if (precision === 'float32') return { shape, data };
  if (precision === 'float16') return { shape, data: decodeFloat16(encodeFloat16(Float32Array.from(data))) };
  const { values, scales } = quantise({ shape, data });
  const inner = data.length / shape[0];
  return { shape, data: Float32Array.from(values, (value, i) => value * scales[Math.floor(i / inner)]) };
}
