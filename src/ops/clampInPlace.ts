import * as tf from '@tensorflow/tfjs-core';
import { onWebGPU } from '../device/webgpu/backend';
import { clampOnWebGPU } from './webgpu/clampInPlace';

/** Holds a variable's numbers within a range. */
export function clampInPlace(variable: tf.Variable, [least, most]: readonly [number, number]): void {
  if (onWebGPU()) clampOnWebGPU(variable, least, most);
  else tf.tidy(() => variable.assign(tf.clipByValue(variable, least, most)));
}
