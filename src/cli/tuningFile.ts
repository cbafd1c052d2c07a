import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import type { TuningStore } from '../device/tuning';

const fileOf = (key: string) =>
  path.join(
    os.tmpdir(),
    `clip-distillery-tuning-${createHash('sha256').update(key).digest('hex').slice(0, 16)}.json`,
  );

/** What was measured of this machine's adapters, in its folder for temporary files. */
export const tuningFile: TuningStore = {
  get: (key) => fs.readFile(fileOf(key), 'utf8').catch(() => undefined),
  set: (key, value) => fs.writeFile(fileOf(key), value),
};
