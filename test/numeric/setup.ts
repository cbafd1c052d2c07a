import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, describe, expect } from 'vitest';
import { installNodeWebGPU } from '../../src/cli/device';
import type { BackendName } from '../../src/device/info';
import { startDevice } from '../../src/device/start';
import { ownBytes } from '../../src/device/webgpu/buffers';
import { joining } from '../../src/device/webgpu/lanes';

/**
 * Runs a group of tests on WebGPU (through Dawn) and on wasm. Every test must leave as many live tensors
 * and bytes as it found.
 */
export function eachBackend(
  body: (backend: BackendName) => void,
  backends: BackendName[] = ['webgpu', 'wasm'],
): void {
  describe.each(backends)('on %s', (backend) => {
    const live = () => {
      const { numTensors, numBytes } = tf.memory();
      return { tensors: numTensors, bytes: numBytes, ownBytes: ownBytes() };
    };
    let before: ReturnType<typeof live>;
    beforeAll(async () => {
      await installNodeWebGPU();
      const { description } = await startDevice(backend);
      // So that what graphics processors do is tested on every adapter.
      joining.isOn = true;
      console.info(`numeric tests on ${description}`);
    });
    beforeEach(() => {
      before = live();
    });
    afterEach(() => {
      expect(live(), 'live tensors and bytes after the test').toEqual(before);
    });
    body(backend);
  });
}

/** The largest difference between two arrays of the same length. */
export function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  if (a.length !== b.length) return Number.POSITIVE_INFINITY;
  let largest = 0;
  for (let i = 0; i < a.length; i++) {
    const difference = Math.abs(a[i] - b[i]);
    if (!(difference <= largest)) largest = Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
  }
  return largest;
}
