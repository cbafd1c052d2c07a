import sharp from 'sharp';
import { expect, it } from 'vitest';
import { examineImage } from '../../src/cli/decode';
import { glanceWith } from '../../src/data/images/glance';

const picture = sharp({ create: { width: 40, height: 30, channels: 3, background: '#d02020' } });
const files = {
  jpeg: new Uint8Array(await picture.clone().jpeg().toBuffer()),
  png: new Uint8Array(await picture.clone().png().toBuffer()),
  gif: new Uint8Array(await picture.clone().gif().toBuffer()),
};
const imagesOf = (count: number) =>
  Array.from({ length: count }, (_, i) => ({ path: `${i}.jpg`, texts: [] }));

it('decodes every image of a few, and of very many some, spread evenly', async () => {
  const decoded = async (count: number) => {
    const look = glanceWith(examineImage, imagesOf(count));
    const facts = await Promise.all([0, 1, 2, 10, 11].map((i) => look(new Blob([files.jpeg]), `${i}.jpg`)));
    return facts.map((fact) => fact?.width);
  };
  expect(await decoded(20_000)).toEqual([40, 40, 40, 40, 40]);
  expect(await decoded(20_001)).toEqual([40, undefined, undefined, undefined, 40]);
});

it('looks into those that do not seem whole', async () => {
  const look = glanceWith(examineImage, imagesOf(50_000));
  const lookAt = (bytes: Uint8Array<ArrayBuffer>) => look(new Blob([bytes]), '1.jpg');
  expect(await lookAt(files.jpeg)).toBeUndefined();
  expect(await lookAt(files.png)).toBeUndefined();
  expect(await lookAt(files.gif)).toMatchObject({ width: 40, height: 30 });
  for (const whole of [files.jpeg, files.png])
    await expect(lookAt(whole.slice(0, -14))).rejects.toThrow('damaged or cut short');
  await expect(lookAt(new Uint8Array())).rejects.toThrow('the file is empty');
  await expect(lookAt(new TextEncoder().encode('no image'))).rejects.toThrow('not an image');
});
