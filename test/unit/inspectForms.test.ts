import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { run } from '../../src/cli/inspect';
import { type DropForm, forms } from '../dropForms';

const root = await mkdtemp(path.join(tmpdir(), 'forms-'));
afterAll(() => rm(root, { recursive: true }));

/** Writes a form to disk and answers what a user would inspect: the only file, or the folder. */
async function place(name: string, { files }: DropForm): Promise<string> {
  const folder = path.join(root, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(path.dirname(path.join(folder, file)), { recursive: true });
    await writeFile(path.join(folder, file), content);
  }
  const names = Object.keys(files);
  return names.length === 1 ? path.join(folder, names[0]) : folder;
}

it.each(Object.entries(forms))('inspect understands %s', async (name, form) => {
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  await run([await place(name, form)]);
  const { format, images, pairs, classes, splits, skipped } = JSON.parse(String(print.mock.lastCall?.[0]));
  print.mockRestore();
  expect(format).toContain(form.format);
  expect(`${images} images, ${pairs} pairs`).toBe(form.counts);
  expect(classes).toHaveLength(form.classes ?? 0);
  expect(skipped).toHaveLength(form.skipped ?? 0);
  if (!form.splits) return;
  const counted = Object.entries(splits).map(([split, count]) => `${count} ${split}`);
  expect(counted.join(', ')).toBe(form.splits);
});
