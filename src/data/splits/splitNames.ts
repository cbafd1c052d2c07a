import { foldersOf } from '../paths';

/** Each split by the names that people give its folder, a shard number behind them allowed. */
const splitNames: [split: string, pattern: RegExp][] = [
  ['train', /^train(ing)?([-_]?\d+)?$/i],
  ['val', /^(val|valid|validation|dev)([-_]?\d+)?$/i],
  ['test', /^test(ing)?([-_]?\d+)?$/i],
];

/** 'train', 'val' or 'test' by a name that means it. */
export function splitNamed(name: string): string | undefined {
  return splitNames.find(([, pattern]) => pattern.test(name))?.[0];
}

/** The split that a word in a file's name means: 'train' of 'cc3m-train-0000', 'val' of 'captions_val2017'. */
export function splitInName(name: string): string | undefined {
  const words = name.split(/[^a-z]+/i).map(splitNamed);
  return words.find((split) => split !== undefined);
}

/** Where an image lies: its split, and the folders below that, outermost first. */
export interface Placement {
  split?: string;
  folders: string[];
}

/**
 * Finds the splits in the folders of these paths: below the folders that wrap everything, all folders have a split's
 * name (so that a class 'train' among 'car' and 'ship' stays a class). Placements are in the paths' order.
 */
export function placeInSplits(paths: string[]): Placement[] {
  const placements = paths.map((path) => ({ folders: foldersOf(path) }));
  while (placements.length > 0) {
    const names = new Set(placements.map(({ folders }) => folders[0]));
    const inFolders = [...names].filter((name) => name !== undefined);
    if (inFolders.length > 0 && inFolders.every((name) => splitNamed(name))) {
      return placements.map(({ folders: [name, ...folders] }) => ({
        split: name === undefined ? undefined : splitNamed(name),
        folders,
      }));
    }
    if (names.size !== 1 || inFolders.length === 0) break;
    for (const placement of placements) placement.folders.shift();
  }
  return placements;
}
