import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { diskFolder } from '../../src/cli/disk';
import { openData } from '../../src/cli/openRun';
import type { DataOptions } from '../../src/data/options';
import { readSafetensors } from '../../src/files/safetensors';

const root = 'test/fixtures/reference';
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'cli-test-'));
afterAll(() => fs.rmSync(temporary, { recursive: true }));

function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

describe('the command line', () => {
  it.each([
    [['paint'], 'There is no command "paint".'],
    [[], 'A command is missing.'],
    [['embed', '--modell', 'x'], "Unknown option '--modell'. Usage: cli embed --model DIR"],
    [['embed', '--model', 'x'], '--out is missing. Usage: cli embed'],
    [
      ['embed', '--model', `${root}/nowhere`, '--images', `${root}/data`, '--out', `${temporary}/o`],
      `${root}/nowhere can't be opened: there is no such file or folder.`,
    ],
    [
      ['embed', '--model', `${root}/data`, '--images', `${root}/data`, '--out', `${temporary}/o`],
      `${root}/data is not a checkpoint folder: it has no config.json.`,
    ],
    [
      ['embed', '--model', `${root}/student`, '--images', `${root}/student`, '--out', `${temporary}/o`],
      `${root}/student holds no image.`,
    ],
    [
      [
        ...['embed', '--model', `${root}/student`, '--images', `${root}/data`],
        '--out',
        'o',
        '--backend',
        'metal',
      ],
      '--backend metal: webgpu, wasm or auto would be right.',
    ],
  ])('refuses %j with one clear line and exit code 1', async (args, message) => {
    const { code, stdout, stderr } = await cli(...args);
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('embeds images and texts', async () => {
    const images = path.join(temporary, 'images');
    fs.mkdirSync(images);
    for (const name of ['000.png', '002.png'])
      fs.copyFileSync(`${root}/data/${name}`, path.join(images, name));
    fs.writeFileSync(path.join(images, '001.png'), 'not an image');
    fs.writeFileSync(path.join(images, 'metadata.csv'), 'file_name,text\n');
    const out = path.join(temporary, 'new', 'embeddings.safetensors');
    const { code, stdout, stderr } = await cli(
      ...['embed', '--model', `${root}/student`, '--images', images, '--texts', `${root}/texts.txt`],
      ...['--out', out, '--backend', 'wasm'],
    );
    expect(code, stderr).toBe(0);
    const reason = 'not an image, or of a kind that cannot be decoded here';
    expect(JSON.parse(stdout)).toEqual({ out, images: 2, texts: 17, skipped: [{ file: '001.png', reason }] });
    expect(stderr).toContain('1 of 17 texts are longer than 20 tokens and were cut (lines 15).');
    expect(stderr).not.toContain('ExperimentalWarning');
    const got = await readSafetensors(new Blob([fs.readFileSync(out)]), out);
    const file = new Blob([fs.readFileSync(`${root}/expected-student.safetensors`)]);
    const expected = await readSafetensors(file, 'expected');
    expect(got['input_ids']).toEqual(expected['input_ids']);
    expect(got['image_embeds'].shape).toEqual([2, 32]);
    const last = Array.from(got['image_embeds'].data.subarray(32));
    last.forEach((value, i) => {
      expect(value).toBeCloseTo(expected['image_embeds'].data[2 * 32 + i], 4);
    });
  });
});

describe('adapt', () => {
  const data = path.resolve(root, 'data');
  const teacher = path.resolve(root, 'teacher');
  const classes = { columns: { image: 'file_name', text: 'text', kind: 'classes' } };
  const run = path.join(temporary, 'adapt.json');
  const adapt = (raw: object, out: string, ...flags: string[]) => {
    fs.writeFileSync(run, JSON.stringify({ teacher, data, ...raw }));
    return cli('adapt', run, '--out', path.join(temporary, out), '--backend', 'wasm', ...flags);
  };

  it('writes prompts that evaluate takes', async () => {
    const train = { batchSize: 24, epochs: 2 };
    const { code, stdout, stderr } = await adapt(
      { dataOptions: classes, templates: ['{}'], train },
      'adapted',
    );
    expect(code, stderr).toBe(0);
    const folder = path.join(temporary, 'adapted');
    const { steps, before, after } = JSON.parse(stdout);
    expect([steps, before.images, after.images]).toEqual([4, 48, 48]);
    expect(fs.readdirSync(folder).sort()).toEqual([
      'metrics.jsonl',
      'prompts.safetensors',
      'report.html',
      'run.json',
    ]);
    const line = fs.readFileSync(path.join(folder, 'metrics.jsonl'), 'utf8').split('\n')[0];
    expect(Object.keys(JSON.parse(line))).toEqual([
      ...['step', 'total', 'crossEntropy', 'image', 'text', 'kl', 'learningRate', 'imagesPerSecond'],
    ]);
    const resolved = JSON.parse(fs.readFileSync(path.join(folder, 'run.json'), 'utf8'));
    expect(resolved.average).toEqual({ mean: 15, deviation: 1 });

    const again = await adapt({ dataOptions: classes }, 'adapted');
    expect(again.stderr).toContain('holds a finished run already and is left as it is; give another --out.');
    expect(again.code).toBe(1);

    const prompts = ['--teacher-prompts', path.join(folder, 'prompts.safetensors')];
    const asked = ['evaluate', '--model', teacher, ...prompts, '--backend', 'wasm', '--data'];
    const captions = await cli(...asked, data);
    expect(captions.stderr).toContain('an adapted teacher (teacherPrompts) reads class names only');
    expect(captions.code).toBe(1);
    const drop = await cli(...asked, 'test/fixtures/drop.zip');
    expect(JSON.parse(drop.stdout).top1, drop.stderr).toBeGreaterThanOrEqual(0);
  }, 60_000);

  it.each([
    [{}, 'has captions, but a teacher is adapted to class names and labels. Take data with classes'],
    [{ dataOptions: classes, promptTokens: 9 }, 'is 6 tokens long and promptTokens is 9'],
    [{ dataOptions: classes, prompts: path.resolve(root, 'prompts.safetensors') }, '[2, 4, 128]'],
    [{ dataOptions: classes, train: { batchSize: 64 } }, 'a batch size of at most 48 would do'],
  ])('refuses %j', async (raw, message) => {
    const { code, stdout, stderr } = await adapt(raw, 'refused');
    expect(stderr).toContain(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });
});

describe('the data of a run', () => {
  const drop = 'test/fixtures/drop.zip';
  const open = (place: string, options: DataOptions) => openData(place, options, () => undefined);

  it('is read as its run file says', async () => {
    const { texts, images, classes } = await open(drop, {
      promptTemplate: 'a drawing of a {}',
      classNames: { 'green ring': 'green donut' },
      testShare: 0.2,
      shots: 3,
    });
    expect(classes).toEqual(['blue square', 'green donut', 'red circle', 'red triangle']);
    expect(texts[1]).toBe('a drawing of a green donut');
    const count = (split: string) => images.filter((image) => image.split === split).length;
    expect([count('train'), count('test'), count('unused')]).toEqual([12, 8, 20]);
  });

  it('has no splits that nobody asked for', async () => {
    const { images } = await open(drop, {});
    expect(images.every(({ split }) => split === undefined)).toBe(true);
  });

  it('may be few shots of the demo in other words', async () => {
    const { texts, images } = await open('demo', { promptTemplate: '{}!', shots: 1 });
    expect(texts.every((text) => text.endsWith('!'))).toBe(true);
    expect(images.filter(({ split }) => split === 'train')).toHaveLength(texts.length);
    expect(images.filter(({ split }) => split === 'test')).toHaveLength(2 * texts.length);
  });

  it('needs a place for the class name in the template', async () => {
    const { code, stderr } = await cli(
      ...['evaluate', '--model', `${root}/teacher`, '--data', drop, '--prompt-template', 'a photo'],
    );
    expect(stderr).toContain('The prompt template “a photo” has no {}');
    expect(code).toBe(1);
  });
});

describe('a folder on disk', () => {
  it('lists its files in order, follows links and survives a loop', async () => {
    const folder = path.join(temporary, 'tree');
    fs.mkdirSync(path.join(folder, 'b', 'c'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'b', 'c', 'deep.txt'), 'deep');
    fs.writeFileSync(path.join(folder, 'a.txt'), 'first');
    fs.symlinkSync(path.join(folder, 'b', 'c'), path.join(folder, 'link'));
    fs.symlinkSync(folder, path.join(folder, 'b', 'loop'));
    const tree = await diskFolder(folder);
    expect(await tree.paths()).toEqual(['a.txt', 'b/c/deep.txt', 'link/deep.txt']);
    expect(await (await tree.open('link/deep.txt'))?.text()).toBe('deep');
    expect(await tree.open('b')).toBeUndefined();
    expect(await tree.open('nothing')).toBeUndefined();
  });
});
