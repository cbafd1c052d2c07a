import { fileURLToPath } from 'node:url';
import { diskFolder } from '../../src/cli/disk';
import { openDemo, readDemoIndex } from '../../src/data/demo';
import { InputError } from '../../src/files/folder';
import { Random } from '../../src/files/random';

const folder = fileURLToPath(new URL('../../public/demo', import.meta.url));

/** So many concepts are kept from every run that is reported, to choose settings by. */
const VALIDATION = 80;

/**
 * Ids of the demo's concepts that settings are chosen by and that runs are reported on, in a random order that is the same
 * every time: those that all its artists drew, without the default ones, which the page's settings were chosen by.
 */
export async function studyConcepts(): Promise<{ validation: string[]; reported: string[] }> {
  const source = await diskFolder(folder);
  const { groups, styles, defaultConcepts } = await readDemoIndex(source);
  const all = groups.flatMap(({ concepts }) => concepts.map(({ id }) => id));
  const { images } = await openDemo(source, { classes: all });
  const drawings = new Map<string, number>();
  for (const { path } of images) {
    const id = path.slice(path.indexOf('/') + 1, path.lastIndexOf('.'));
    drawings.set(id, (drawings.get(id) ?? 0) + 1);
  }
  const complete = all.filter((id) => drawings.get(id) === styles.length && !defaultConcepts.includes(id));
  const shuffled = new Random(0).shuffle(complete);
  return { validation: shuffled.slice(0, VALIDATION), reported: shuffled.slice(VALIDATION) };
}

/** The `size` concepts of a seed, which no other seed has. */
export function conceptsOf(seed: number, size: number, concepts: readonly string[]): string[] {
  const most = Math.floor(concepts.length / size);
  if (seed >= most)
    throw new InputError(
      `--seeds: of ${size} concepts each, there are enough for ${most} seeds, so at most ${most}.`,
    );
  return concepts.slice(seed * size, (seed + 1) * size);
}
