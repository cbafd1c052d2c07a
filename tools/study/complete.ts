import fs from 'node:fs';
import path from 'node:path';
import type { OnProgress } from '../../src/files/folder';
import { addLine, GENERATION, type Line, readLines, writeLines } from './lines';
import { keyOf, type StudyRun } from './plan';
import { carryOutAll } from './workers';

/**
 * Carries out the runs that a file has no line of, and adds theirs as each is done, so that a kill costs those under way.
 *
 * @param isAnew runs that are there are made again
 * @returns all lines of the file, of other runs too
 */
export async function complete(
  file: string,
  runs: readonly StudyRun[],
  { isAnew, processes, onProgress }: { isAnew: boolean; processes: number; onProgress: OnProgress },
): Promise<Line[]> {
  const folder = path.dirname(file);
  // A student that others begin with is made again where only its line is there.
  const isLost = ({ saved }: StudyRun) => saved !== undefined && !fs.existsSync(path.join(folder, saved));
  const anew = new Set(runs.filter((run) => isAnew || isLost(run)).map(keyOf));
  const kept = readLines(file).filter(({ key, generation }) => generation === GENERATION && !anew.has(key));
  writeLines(file, kept);
  const done = new Set(kept.map(({ key }) => key));
  const missing = runs.filter((run) => !done.has(keyOf(run)));
  let finished = runs.length - missing.length;
  await carryOutAll(missing, folder, processes, (run, result) => {
    addLine(file, run, result);
    finished++;
    onProgress({ label: 'study', done: finished, total: runs.length, unit: 'runs' });
  });
  return readLines(file);
}
