import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { forms } from '../dropForms';
import { inspected } from '../onDisk';

const root = await mkdtemp(path.join(tmpdir(), 'forms-'));
afterAll(() => rm(root, { recursive: true }));

it.each(Object.entries(forms))('inspect understands %s', async (name, form) => {
  const { format, images, pairs, classes, splits, skipped } = await inspected(
    path.join(root, name),
    form.files,
  );
  expect(format).toContain(form.format);
  expect(`${images} images, ${pairs} pairs`).toBe(form.counts);
  expect(classes).toHaveLength(form.classes ?? 0);
  expect(skipped).toHaveLength(form.skipped ?? 0);
  if (!form.splits) return;
  const counted = Object.entries(splits).map(([split, count]) => `${count} ${split}`);
  expect(counted.join(', ')).toBe(form.splits);
});
