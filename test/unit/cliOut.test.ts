import { execFile } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { lockFolder } from '../../src/cli/lock';

const root = 'test/fixtures/reference';
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'cli-out-'));
afterAll(() => fs.rmSync(temporary, { recursive: true }));
const at = (name: string) => path.join(temporary, name);

function cli(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', ...args], (error, stdout, stderr) => {
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const embed = (out: string, images = `${root}/data`) =>
  cli('embed', '--model', `${root}/student`, '--images', images, '--backend', 'wasm', '--out', out);

const distill = (out: string, ...flags: string[]) =>
  cli('distill', `${root}/full-adamw.json`, '--backend', 'wasm', '--out', out, ...flags);

describe('--out', () => {
  it('is refused where it is empty', async () => {
    for (const command of [embed, distill]) {
      const { code, stderr } = await command('');
      expect(stderr).toMatch(/^--out is empty; a path would be right\. Usage: /);
      expect(code).toBe(1);
    }
  });

  it('is never written over by embed, be it a file, a folder or a link', async () => {
    fs.writeFileSync(at('mine.txt'), 'mine');
    fs.symlinkSync(at('nowhere'), at('link'));
    for (const place of [at('mine.txt'), temporary, at('link')]) {
      const { code, stderr } = await embed(place);
      expect(stderr).toBe(
        `${place} is there already and is left as it is; remove it, or give another --out.\n`,
      );
      expect(code).toBe(1);
    }
    expect(fs.readFileSync(at('mine.txt'), 'utf8')).toBe('mine');
    expect(fs.existsSync(at('nowhere'))).toBe(false);
  });

  it('says why nothing can be written there, before anything is computed', async () => {
    fs.writeFileSync(at('file'), '');
    for (const command of [embed, distill]) {
      const { code, stderr } = await command(at('file/below/it'));
      expect(stderr).toMatch(/can't be written: a file stands in its path where a folder should be\.\n$/);
      expect(code).toBe(1);
    }
  });

  it('may not hold other things than a run', async () => {
    fs.mkdirSync(at('photos'));
    fs.writeFileSync(at('photos/mine.txt'), 'mine');
    for (const flags of [[], ['--resume']]) {
      const { code, stderr } = await distill(at('photos'), ...flags);
      expect(stderr).toBe(
        `${at('photos')} holds other files, and no run; give a folder as --out that is new or empty.\n`,
      );
      expect(code).toBe(1);
    }
    expect(fs.readdirSync(at('photos'))).toEqual(['mine.txt']);
  });

  it('may not lead elsewhere by links within it', async () => {
    fs.mkdirSync(at('stopped'));
    fs.writeFileSync(at('precious'), 'precious');
    fs.symlinkSync(at('precious'), at('stopped/metrics.jsonl'));
    const { code, stderr } = await distill(at('stopped'), '--resume');
    expect(stderr).toContain(`${at('stopped/metrics.jsonl')} is a link to elsewhere`);
    expect(code).toBe(1);
    expect(fs.readFileSync(at('precious'), 'utf8')).toBe('precious');
  });

  it('belongs to one process at a time, even where one was killed', async () => {
    fs.mkdirSync(at('held'));
    await lockFolder(at('held'));
    const { code, stderr } = await distill(at('held'));
    expect(stderr).toContain(`${at('held')} is in use by another process`);
    expect(code).toBe(1);
    expect(fs.readdirSync(at('held'))).toEqual([]);
  });

  it('leaves nothing in the temporary folder, which killed ones would not clean', async () => {
    const sockets = () => fs.readdirSync(os.tmpdir()).filter((name) => /^clip-distillery-.*sock$/.test(name));
    const before = sockets();
    fs.mkdirSync(at('another'));
    await lockFolder(at('another'));
    if (process.platform === 'linux') expect(sockets()).toEqual(before);
  });
});

it('shows a terminal’s commands in names, and doesn’t give them', async () => {
  const name = '\x1b[31mred\u202e\x9b2J.png';
  fs.mkdirSync(at('images'));
  fs.copyFileSync(`${root}/data/000.png`, at('images/good.png'));
  fs.writeFileSync(at(`images/${name}`), 'no image');
  const { code, stdout, stderr } = await embed(at('new.safetensors'), at('images'));
  expect(code, stderr).toBe(0);
  for (const command of ['\x1b', '\x9b', '\u202e']) expect(stdout + stderr).not.toContain(command);
  expect(stderr).toContain('\\u001b[31mred\\u202e\\u009b2J.png was skipped');
  expect(JSON.parse(stdout).skipped).toEqual([
    { file: name, reason: 'not an image, or of a kind that cannot be decoded here' },
  ]);
});
