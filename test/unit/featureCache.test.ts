import { expect, it } from 'vitest';
import { FeatureCache } from '../../src/distill/towerInput';

it('keeps the features of images while there is room', () => {
  const cache = new FeatureCache(3 * 2 * Float32Array.BYTES_PER_ELEMENT);
  cache.store([7, 4], Float32Array.of(1, 2, 3, 4));
  cache.store([9, 5], Float32Array.of(5, 6, 7, 8));
  expect(cache.find([4, 9])).toEqual(Float32Array.of(3, 4, 5, 6));
  expect(cache.find([4, 5])).toBeUndefined();
});
