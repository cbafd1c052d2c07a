import fs from 'node:fs';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { decodeImage } from '../../src/cli/decode';
import { normalise, parsePreprocessor, preprocess, rawPreprocessor } from '../../src/clip/preprocess';
import { resize } from '../../src/clip/resize';
import { readSafetensors } from '../../src/files/safetensors';
import type { HostTensor } from '../../src/files/tensors';

const root = 'test/fixtures/reference';

function readTensors(path: string) {
  return readSafetensors(new Blob([fs.readFileSync(path)]), path);
}

function asImage({ shape: [height, width], data }: HostTensor) {
  return { width, height, data: Uint8Array.from(data) };
}

describe('preprocessing', () => {
  it.each([
    ['teacher', 48],
    ['student', 32],
  ])('gives the pixels that Pillow and PyTorch give the %s', async (model, size) => {
    const raw: unknown = JSON.parse(fs.readFileSync(`${root}/${model}/preprocessor_config.json`, 'utf8'));
    const preprocessor = parsePreprocessor(raw, size, model);
    const { mean, std } = preprocessor;
    const expected = (await readTensors(`${root}/expected-${model}.safetensors`))['pixel_values'].data;
    const area = size * size;
    const values = new Float32Array(expected.length);
    for (let i = 0; i < 8; i++) {
      const path = `${root}/data/00${i}.png`;
      const pixels = preprocess(await decodeImage(new Blob([fs.readFileSync(path)]), path), preprocessor);
      const grey = Uint8Array.from(pixels, (_, at) => {
        const channel = at % 3;
        const value = expected[(i * 3 + channel) * area + Math.floor(at / 3)];
        return Math.round((value * std[channel] + mean[channel]) * 255);
      });
      expect(pixels, path).toEqual(grey);
      normalise(pixels, preprocessor, values, i * 3 * area);
    }
    const largest = values.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
    expect(largest).toBeLessThan(1e-6);
  });

  it('follows another scale of the values, and none', () => {
    const pixels = new Uint8Array([0, 128, 255]);
    const values = (raw: unknown) => {
      const out = new Float32Array(3);
      normalise(pixels, parsePreprocessor(raw, 1, 'p'), out, 0);
      return Array.from(out, (value) => Number(value.toFixed(4)));
    };
    const half = { image_mean: [1, 1, 1], image_std: [1, 1, 1], rescale_factor: 2 / 255 };
    expect(values(half)).toEqual([-1, 0.0039, 1]);
    expect(values({ do_normalize: false })).toEqual([0, 0.502, 1]);
    expect(values({ do_normalize: false, do_rescale: false })).toEqual([0, 128, 255]);
    expect(() => values({ do_resize: false })).toThrow('do_resize');
  });

  it('resizes whole images and boxes as Pillow does', async () => {
    const tensors = await readTensors('test/fixtures/pillow-resize.safetensors');
    for (let i = 0; `${i}.image` in tensors; i++) {
      const [left, top, right, bottom] = Array.from(tensors[`${i}.box`].data, (quarter) => quarter / 4);
      const box = { left, top, width: right - left, height: bottom - top };
      for (const filter of ['bicubic', 'bilinear'] as const) {
        const expected = asImage(tensors[`${i}.${filter}`]);
        const image = asImage(tensors[`${i}.image`]);
        expect(resize(image, expected.width, expected.height, filter, box)).toEqual(expected);
      }
    }
  });

  it('reads the forms that checkpoints write and refuses what it cannot follow', () => {
    const { mean, std } = parsePreprocessor({}, 224, 'p');
    expect(parsePreprocessor({ size: 224, crop_size: 224 }, 224, 'p')).toEqual({
      resizeTo: { shortestEdge: 224 },
      filter: 'bicubic',
      size: 224,
      mean,
      std,
    });
    const exact = { size: { width: 60, height: 50 }, image_mean: [0.5, 0.5, 0.5] };
    expect(parsePreprocessor(exact, 48, 'p').resizeTo).toEqual({ width: 60, height: 50 });
    const preprocessor = parsePreprocessor(exact, 48, 'p');
    expect(parsePreprocessor(rawPreprocessor(preprocessor), 48, 'p')).toEqual(preprocessor);
    expect(parsePreprocessor({ crop_size: 224 }, 48, 'p')).toMatchObject({
      size: 224,
      resizeTo: { shortestEdge: 224 },
    });
    expect(() => parsePreprocessor({ crop_size: { width: 48, height: 32 } }, 48, 'p')).toThrow(
      'p: crop_size is 48 × 32; only squares can be used.',
    );
    expect(() => parsePreprocessor({ size: 32 }, 48, 'p')).toThrow(
      'p: size is less than the 48 pixels that are cut out',
    );
    expect(parsePreprocessor({ resample: 2 }, 48, 'p').filter).toBe('bilinear');
    expect(() => parsePreprocessor({ resample: 1 }, 48, 'p')).toThrow(
      'p: resample: only 3, bicubic, and 2, bilinear, can be used',
    );
  });
});

describe('decoding in Node', () => {
  const rgb = Uint8Array.from({ length: 4 * 2 * 3 }, (_, i) => (i * 37) % 256);
  const picture = () => sharp(rgb, { raw: { width: 4, height: 2, channels: 3 } });
  const decode = async (bytes: Buffer) => decodeImage(new Blob([Uint8Array.from(bytes)]), 'picture');

  it('keeps the pixels of lossless files', async () => {
    const expected = { width: 4, height: 2, data: rgb };
    expect(await decode(await picture().png().toBuffer())).toEqual(expected);
    expect(await decode(await picture().webp({ lossless: true }).toBuffer())).toEqual(expected);
  });

  it('lays transparency over white', async () => {
    const pixels = Uint8Array.from([200, 100, 0, 0, 200, 100, 0, 255, 200, 100, 0, 128, 9, 9, 9, 1]);
    const bytes = await sharp(pixels, { raw: { width: 2, height: 2, channels: 4 } })
      .png()
      .toBuffer();
    const half = [200, 100, 0].map((c) => Math.floor((128 * c + 127 * 255 + 127) / 255));
    expect([...(await decode(bytes)).data]).toEqual([255, 255, 255, 200, 100, 0, ...half, 254, 254, 254]);
  });

  it('turns a picture as its EXIF tag says', async () => {
    const { width, height, data } = await decode(
      await picture().withMetadata({ orientation: 6 }).png().toBuffer(),
    );
    expect([width, height]).toEqual([2, 4]);
    expect([...data.subarray(3, 6)]).toEqual([...rgb.subarray(0, 3)]);
  });

  it('takes the upper 8 of 16 bits, and greys', async () => {
    const wide = Uint16Array.from([0x1234, 0x80ff, 0xffff, 0]);
    const bytes = await sharp(wide, { raw: { width: 4, height: 1, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toBuffer();
    expect([...(await decode(bytes)).data]).toEqual([0x12, 0x80, 0xff, 0].flatMap((v) => [v, v, v]));
  });

  it('gives a short reason for what it cannot read', async () => {
    const png = await picture().png().toBuffer();
    await expect(decode(Buffer.alloc(0))).rejects.toThrow('the file is empty');
    await expect(decode(Buffer.from('a text'))).rejects.toThrow(
      'not an image, or of a kind that cannot be decoded',
    );
    await expect(decode(png.subarray(0, 60))).rejects.toThrow('the image is damaged or cut short');
  });
});
