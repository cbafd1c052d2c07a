import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { png } from './sampleData';

let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'inspect-'));
  await writeFile(path.join(folder, 'a.png'), await png());
  await writeFile(path.join(folder, 'metadata.csv'), 'file_name,text\na.png,nothing\n');
  await writeFile(path.join(folder, 'own.csv'), 'picture,words\na.png,one\na.png,two\nb.png,three\n');
});

afterAll(() => rm(folder, { recursive: true }));

/** `inspect PATH` as a user runs it. */
function inspect(place: string): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      ['--import', 'tsx', 'src/cli/main.ts', 'inspect', place],
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

describe('inspect', () => {
  it('understands a zip with a folder per class', async () => {
    const { code, stdout } = await inspect('test/fixtures/drop.zip');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      format: 'a folder per class',
      reasons: ['The images lie in folders such as blue_square.'],
      doubts: [],
      images: 40,
      pairs: 40,
      classes: ['blue square', 'green ring', 'red circle', 'red triangle'],
      splits: { all: 40 },
      skipped: [
        {
          file: 'shapes/blue_square/broken.png',
          reason: 'not an image, or of a kind that cannot be decoded here',
        },
      ],
    });
  });

  it('understands a folder with metadata.csv', async () => {
    const { stdout } = await inspect('test/fixtures/reference/data');
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'ImageFolder with metadata.csv',
      images: 48,
      pairs: 48,
      classes: [],
      skipped: [],
    });
  });

  it('reads the very table it is given', async () => {
    const { stdout } = await inspect(path.join(folder, 'own.csv'));
    expect(JSON.parse(stdout)).toMatchObject({
      format: 'table own.csv (image: picture, caption: words)',
      images: 1,
      pairs: 2,
      skipped: [{ file: 'b.png' }],
    });
  });

  it.each([
    ['no/such/folder', /^no\/such\/folder can't be opened: there is no such file or folder\.\n$/],
    ['test/fixtures/reference/teacher', /^test\/fixtures\/reference\/teacher has no images/],
    ['package.json', /^package\.json has no images/],
  ])('%s is a wrong input', async (place, message) => {
    const { code, stdout, stderr } = await inspect(place);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
  });
});
