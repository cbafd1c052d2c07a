import { readFileSync } from 'node:fs';
import { expect, inject, it } from 'vitest';
import { decodeImage } from '../../src/cli/decode';
import { normalise, parsePreprocessor, preprocess } from '../../src/clip/preprocess';
import { openSafetensors } from '../../src/files/safetensors';
import type {} from './pixelsInBrowser';
import { useBrowser } from './setup';

const FIXTURE = 'test/fixtures/reference';
const browser = useBrowser();

it('decodes and resizes in the browser within one grey level of Pillow', async () => {
  const page = await browser.open(`${inject('sourceUrl')}test/e2e/pixels.html`);
  await page.waitForFunction(() => 'pixelsOf' in globalThis);
  const expected = await openSafetensors(
    new Blob([readFileSync(`${FIXTURE}/expected-teacher.safetensors`)]),
    'expected-teacher.safetensors',
  );
  const { shape, data } = await expected.read('pixel_values');
  const [images, channels, size] = shape;
  const deviations = [0.26862954, 0.26130258, 0.27577711];
  for (let image = 0; image < images; image++) {
    const file = readFileSync(`${FIXTURE}/data/${String(image).padStart(3, '0')}.png`).toString('base64');
    const pixels = await page.evaluate(([file, size]) => globalThis.pixelsOf(file, size), [
      file,
      size,
    ] as const);
    const plane = size * size;
    const offset = image * channels * plane;
    let worst = 0;
    pixels.forEach((value, i) => {
      const greyLevels = Math.abs(value - data[offset + i]) * deviations[Math.floor(i / plane)] * 255;
      worst = Math.max(worst, greyLevels);
    });
    expect(worst, `image ${image}`).toBeLessThan(1.01);
  }
});

it("decodes a phone's HEIC as the command line does", async () => {
  const page = await browser.open(`${inject('sourceUrl')}test/e2e/pixels.html`);
  await page.waitForFunction(() => 'pixelsOf' in globalThis);
  const file = readFileSync('test/fixtures/pattern.heic');
  const size = 32;
  const pixels = await page.evaluate(([base64, size]) => globalThis.pixelsOf(base64, size), [
    file.toString('base64'),
    size,
  ] as const);
  const preprocessor = parsePreprocessor({}, size, 'test');
  const expected = new Float32Array(3 * size * size);
  normalise(
    preprocess(await decodeImage(new Blob([file]), 'a.heic'), preprocessor),
    preprocessor,
    expected,
    0,
  );
  expect(pixels).toEqual(Array.from(expected));
});
