import { expect, it } from 'vitest';
import { pixelBudget } from '../../src/data/images/pixelBudget';

it('decodes at the same time only what has 100 megapixels together', async () => {
  const within = pixelBudget();
  let [inUse, most, done] = [0, 0, 0];
  const decode = (pixels: number) =>
    within(pixels, async () => {
      inUse += pixels;
      most = Math.max(most, inUse);
      await Promise.resolve();
      inUse -= pixels;
      done++;
      if (pixels === 1) throw new Error('damaged');
    });
  const sizes = [90e6, 60e6, 1, 40e6, 100e6, 1, 1, 30e6, 120e6, 20e6];
  const all = await Promise.allSettled(sizes.map(decode));
  expect(done).toBe(sizes.length);
  expect(all.filter(({ status }) => status === 'rejected')).toHaveLength(3);
  // One that is larger than all that is allowed is alone.
  expect(most).toBe(120e6);
  const rest = [];
  most = 0;
  for (const pixels of [90e6, 60e6, 40e6]) rest.push(decode(pixels));
  await Promise.all(rest);
  expect(most).toBe(100e6);
});
