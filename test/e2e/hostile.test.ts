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

it('draws what is slow strip by strip, and gives up in time', async () => {
  const page = await open();
  const side = 2000;
  const svg = (inside: string) =>
    `<svg xmlns="http://www.w3.org/2000/svg" width="${side}" height="${side}">${inside}</svg>`;
  const circle = `<circle r="${side}" fill="#ff000080"/>`;
  const examine = (inside: string) => page.evaluate((one) => globalThis.examineDrawing(one), svg(inside));
  const endless = await examine(circle.repeat(50_000));
  expect(endless.says).toBe('drawing it takes over ten seconds; save it as PNG');
  expect(endless.turns).toBeGreaterThan(3);
  expect((await examine('<text>a</text>'.repeat(50_000))).says).toMatch(/500,000 elements/);
  expect((await examine('<rect width="2" height="2"/>'.repeat(5000))).says).toBe(`${side} wide`);
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
