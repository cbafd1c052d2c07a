import { expect, inject, it } from 'vitest';
import { examineImage } from '../../src/cli/decode';
import { hostileCorpus } from '../hostile/corpus';
import { imageFile, imageNames } from '../hostile/imageFiles';
import { rawText } from '../hostile/rawText';
import type {} from './hostileInBrowser';
import { useBrowser } from './setup';

const browser = useBrowser();

async function open() {
  const page = await browser.open(`${inject('sourceUrl')}test/e2e/hostile.html`);
  await page.waitForFunction(() => 'importHostile' in globalThis);
  return page;
}

it('survives every broken or hostile drop and keeps what is good', async () => {
  const page = await open();
  for (const [index, { name, keeps = ['good.png'], refused }] of hostileCorpus().entries()) {
    const outcome = await page.evaluate((index) => globalThis.importHostile(index), index);
    if (typeof outcome === 'string') {
      expect(outcome, name).toMatch(refused ?? /^is not refused/);
      continue;
    }
    expect(outcome.images, name).toEqual(expect.arrayContaining(keeps));
    for (const reason of outcome.skipped) expect(reason, name).not.toMatch(rawText);
  }
});

it('sees the same in images as the command line', async () => {
  const page = await open();
  const hashes = await page.evaluate(() => globalThis.hashes());
  // TIFF is refused on both.
  expect(hashes).toHaveLength(imageNames.length - 1);
  for (const [name, hash] of hashes) {
    const { hash: expected } = await examineImage(new Blob([imageFile(name)]), name);
    expect(distance(hash, expected), name).toBeLessThanOrEqual(4);
  }
});

/** In how many bits two hashes differ. */
function distance(a: string, b: string): number {
  return (BigInt(`0x${a}`) ^ BigInt(`0x${b}`)).toString(2).replaceAll('0', '').length;
}
