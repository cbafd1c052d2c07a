import type { HostTensor } from '../files/tensors';

/**
 * How a file holds weights; all of them are computed with in single precision. `int8` has a scale for each output
 * channel, and leaves activations as they are, so that no calibration is needed.
 */
export const weightPrecisions = ['float32', 'float16', 'int8'] as const;
export type WeightPrecision = (typeof weightPrecisions)[number];

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
