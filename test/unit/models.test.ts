import { readdir, readFile } from 'node:fs/promises';
import { zipSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/clip/checkpoint';
import { randomCheckpoint } from '../../src/clip/initialise';
import { readTensor } from '../../src/files/tensors';
import { pace } from '../../src/page/format';
import { studentOf, studentSizes, whyNot } from '../../src/page/models/studentSizes';
import { ago, deviceBytes, fit, flop, ratio, toDownload } from '../../src/page/models/words';
import { demoStudent } from '../../src/run/demo';
import { parseRun } from '../../src/run/schema';
import { newStudent } from '../../src/run/student';
import type { ModelSizes } from '../../src/worker/api';
import { droppedCheckpoint } from '../../src/worker/droppedCheckpoint';
import { summariseModel } from '../../src/worker/models';

const FIXTURE = 'test/fixtures/reference/teacher';
const { signal } = new AbortController();

async function fixtureFiles(): Promise<[string, Uint8Array][]> {
  const names = await readdir(FIXTURE);
  return Promise.all(names.map(async (name) => [name, new Uint8Array(await readFile(`${FIXTURE}/${name}`))]));
}

const zipped = async (change: (files: [string, Uint8Array][]) => [string, Uint8Array][]) => {
  const bytes = zipSync(Object.fromEntries(change(await fixtureFiles())));
  return [{ path: 'my-clip.zip', file: new File([new Uint8Array(bytes)], 'my-clip.zip') }];
};

describe('a dropped checkpoint', () => {
  it('may lie in a zip, in a folder of it too', async () => {
    const drop = await zipped((files) => files.map(([name, bytes]) => [`inside/${name}`, bytes]));
    const checkpoint = await loadCheckpoint(await droppedCheckpoint(drop, signal));
    expect(checkpoint.config.vision.patchSize).toBe(8);
    expect((await readTensor(checkpoint.tensors, 'visual_projection.weight'))?.data.length).toBeGreaterThan(
      0,
    );
  });

  it('says which file of a zip can’t be read', async () => {
    const drop = await zipped((files) => files);
    const bytes = new Uint8Array(await drop[0].file.arrayBuffer());
    const at = Buffer.from(bytes).indexOf('config.json');
    bytes.fill(0xff, at + 'config.json'.length, at + 40);
    const folder = await droppedCheckpoint(
      [{ path: 'my-clip.zip', file: new File([bytes], 'my-clip.zip') }],
      signal,
    );
    await expect(loadCheckpoint(folder)).rejects.toThrow(
      /^config\.json of my-clip\.zip can't be read: .*folder\.$/,
    );
  });
});

describe('a student cut from the teacher', () => {
  it('stands in a run file, and keeps layers and all else of the teacher', async () => {
    const { student, train } = parseRun({ student: { from: 'teacher', layers: 1 } }, 'RUN.json');
    expect(train.parameters).toBe('full');
    if (typeof student === 'string') throw new Error('It became a name.');
    const teacher = await loadCheckpoint(await droppedCheckpoint(await zipped((files) => files), signal));
    const cut = newStudent(student, teacher);
    expect(summariseModel(cut, 'cut')).toMatchObject({ layers: 1, initialisation: 'cut' });
    const name = 'vision_model.post_layernorm.weight';
    expect(await readTensor(cut.tensors, name)).toEqual(await readTensor(teacher.tensors, name));
    expect(() => newStudent({ from: 'teacher', layers: 99, pick: 'spread' }, teacher)).toThrow(
      '99 layers can',
    );
  });

  it.each([{ from: 'teacher' }, { from: 'teacher', layers: 0 }, { from: 'student', layers: 2 }])(
    'is refused as %j',
    (student) => expect(() => parseRun({ student }, 'RUN.json')).toThrow('RUN.json'),
  );
});

describe('sizes of one’s own', () => {
  const sizes = studentSizes[1].sizes;
  it('make a tower where heads divide the width and patches fill the image', () => {
    expect(whyNot(sizes)).toBeUndefined();
    expect(whyNot({ ...sizes, heads: 7 })).toEqual({
      fields: ['heads', 'width'],
      sentence: '7 heads don’t divide a width of 64: 8 or 4 would.',
    });
    expect(whyNot({ ...sizes, image: 30 })?.sentence).toContain('24 or 32 would be right');
    expect(whyNot({ ...sizes, layers: Number.NaN })?.sentence).toContain('whole number');
    expect(whyNot({ ...sizes, width: 1e6, heads: 1 })?.sentence).toContain('At most');
  });
  it('give a student that can be made', () => {
    const student = studentOf({ width: 48, layers: 3, heads: 6, patch: 16, image: 64 }, 32);
    const { config } = newStudent(student, randomCheckpoint(demoStudent.config, 0, 'demo'));
    expect(config).toMatchObject({
      projectionDim: 32,
      vision: { hiddenSize: 48, numHiddenLayers: 3, imageSize: 64 },
    });
  });
});

describe('what is said of models', () => {
  const sizes = (imageParameters: number, flop: number): ModelSizes => ({
    description: '',
    imageParameters,
    parameters: imageParameters,
    largestTensor: 4_200_000,
    flop,
    width: 64,
    heads: 4,
    layers: 1,
    projectionDim: 1,
  });
  const large = sizes(304e6, 162e9);

  it('compares in words', () => {
    expect(ratio(sizes(18, 4), sizes(100, 100))).toBe(
      'The student is 18 % of the teacher’s size and 4 % of its work.',
    );
    expect(ratio(sizes(1, 500), sizes(1000, 100))).toBe(
      'The student is 0.1 % of the teacher’s size and 5.0 times its work.',
    );
    expect([flop(8.82e9), flop(162e9), flop(0.16e9), flop(7.3e6)]).toEqual([
      '8.8 GFLOP',
      '162 GFLOP',
      '0.16 GFLOP',
      '7.3 MFLOP',
    ]);
  });

  it('says whether a model fits', () => {
    expect(deviceBytes(large, 'teacher', 'float16')).toBe(608e6);
    expect(deviceBytes(large, 'teacher', 'float16-arithmetic')).toBe(608e6);
    const gpu = { backend: 'webgpu' } as const;
    const wasm = { backend: 'wasm' } as const;
    const on = (largestBuffer: number) => ({ sizes: large, largestBuffer });
    expect(fit(on(2 ** 27), 'teacher', gpu, 'float16')).toEqual({
      fits: true,
      sentence:
        'Its image tower takes 608.0 MB on the device, 2 bytes a parameter in float16. It fits the limits of this device.',
    });
    expect(fit(on(2 ** 23), 'teacher', gpu, 'float32')?.fits).toBe(false);
    // What is trained may lie in several buffers.
    expect(fit(on(2 ** 27), 'student', gpu, 'float16')).toEqual({
      fits: true,
      sentence:
        'Its image tower takes 1.22 GB on the device, 4.86 GB while all of it is trained. It fits the limits of this device.',
    });
    expect(fit(on(2 ** 23), 'student', gpu, 'float16')?.fits).toBe(false);
    expect(fit(on(Number.POSITIVE_INFINITY), 'student', wasm, 'float32')?.fits).toBe(false);
    expect(fit(on(Number.POSITIVE_INFINITY), 'teacher', wasm, 'float32')?.fits).toBe(true);
  });

  it('says how much there is to download, how fast, and when', () => {
    const remote = { id: 'a/b', commit: '', bytes: 600e6, storedBytes: 200e6 };
    const described = { name: 'a/b', largestBuffer: 1, remote };
    expect(toDownload(described)).toBe('400.0 MB to download; 200.0 MB are stored already.');
    expect(toDownload({ ...described, remote: { ...remote, storedBytes: 600e6 } })).toBe(
      'All of its 600.0 MB are stored already.',
    );
    expect(pace(100e6, 700e6, 2e6)).toBe('2.0 MB/s, 5 min left');
    expect(pace(9e6, 10e6, 1e6)).toBe('1.0 MB/s, 1 s left');
    expect(ago(0, 3 * 86_400_000)).toBe('3 days ago');
    expect(ago(0, 59_000)).toBe('just now');
  });
});
