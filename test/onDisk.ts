import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { vi } from 'vitest';
import { run } from '../src/cli/inspect';
import type { Files } from './dropForms';

export async function writeFiles(folder: string, files: Files): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** What `inspect` prints of these files, which are written into `folder`: of the only file, or of the folder. */
export async function inspected(folder: string, files: Files) {
  await writeFiles(folder, files);
  const names = Object.keys(files);
  const print = vi.spyOn(console, 'log').mockImplementation(() => {});
  try {
    await run([names.length === 1 ? join(folder, names[0]) : folder]);
    return JSON.parse(String(print.mock.lastCall?.[0]));
  } finally {
    print.mockRestore();
  }
}
