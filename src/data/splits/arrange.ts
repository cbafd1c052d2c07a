import { commonFolder } from '../../files/blobs';
import { Random } from '../../files/random';
import type { Dataset, ImageFacts } from '../dataset';
import type { DataOptions } from '../options';
import { heldOutSplit, trainingIndices } from './batches';
import { type DuplicateCounts, nearDuplicateGroups } from './nearDuplicates';

export interface Arranged {
  dataset: Dataset;
  duplicates: DuplicateCounts;
  /** Whether the data itself says what to test on. */
  hasOwnTest: boolean;
}

/**
 * Settles what is trained and tested on, as the options ask. What the data brings to test on stays what it is; training
 * images that look like one of it are left out if asked. Where it brings nothing, a share of each class is drawn.
 *
 * @param facts by image index, of those that were looked into
 */
export function arrange(
  dataset: Dataset,
  facts: ReadonlyMap<number, ImageFacts>,
  { testShare = 0, moveNearDuplicates = false, shots, labelsPerClass, seed = 0 }: DataOptions,
): Arranged {
  const groups = nearDuplicateGroups(facts);
  const order = drawnOrder(dataset, seed);
  const hasOwnTest = heldOutSplit(dataset) !== undefined;
  const drawn = hasOwnTest || testShare === 0 ? dataset : drawTest(dataset, order, groups, testShare);
  const straddling = straddlers(drawn, groups);
  const leftOut = new Map([...straddling].map((image) => [image, 'unused']));
  const isLeftOut = moveNearDuplicates && straddling.size < trainingIndices(drawn).length;
  const kept = isLeftOut ? withSplits(drawn, leftOut) : drawn;
  const limited = shots === undefined ? kept : limitShots(kept, order, shots);
  return {
    dataset: labelsPerClass === undefined ? limited : limitLabels(limited, order, labelsPerClass),
    duplicates: {
      nearDuplicates: groups.reduce((sum, { length }) => sum + length, 0),
      straddling: isLeftOut ? 0 : straddling.size,
      leftOut: isLeftOut ? straddling.size : 0,
    },
    hasOwnTest,
  };
}

/**
 * All images in an order drawn from the seed and their paths, but not from the folders around all: one image more or
 * less, or a folder given as itself or as all that is in it, hardly change what is drawn.
 */
function drawnOrder({ images }: Dataset, seed: number): number[] {
  let paths = images.map(({ path }) => path);
  for (let root = commonFolder(paths); root !== ''; root = commonFolder(paths))
    paths = paths.map((path) => path.slice(root.length + 1));
  const ranks = paths.map((path) => Random.keyed(seed, hashOf(path)).uniform());
  return [...images.keys()].sort((a, b) => ranks[a] - ranks[b]);
}

/** FNV-1a over UTF-16 units, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

function withSplits(dataset: Dataset, splits: ReadonlyMap<number, string>): Dataset {
  const images = dataset.images.map((image, i) => ({ ...image, split: splits.get(i) ?? image.split }));
  return { ...dataset, images };
}

/** What an image is counted as in a stratified draw: its class, or all the same for captions. */
function stratumOf({ classes, images }: Dataset, image: number): number | undefined {
  return classes.length > 0 ? images[image].texts[0] : 0;
}

/**
 * Splits the training images into 'train' and 'test'. Images that look alike stay together, so a class of little else
 * may get fewer to test on.
 */
function drawTest(dataset: Dataset, order: number[], groups: number[][], share: number): Dataset {
  const splits = new Map(trainingIndices(dataset).map((image) => [image, 'train']));
  const candidates = order.filter((image) => splits.has(image));
  const groupOf = new Map(groups.flatMap((group) => group.map((image) => [image, group] as const)));
  const left = quotas(
    candidates.map((image) => stratumOf(dataset, image)),
    share,
  );
  const decided = new Set<number>();
  for (const image of candidates) {
    if (decided.has(image)) continue;
    const alike = (groupOf.get(image) ?? [image]).filter((other) => splits.has(other));
    for (const other of alike) decided.add(other);
    const needed = countOf(alike.map((other) => stratumOf(dataset, other)));
    if ([...needed].some(([stratum, count]) => count > (left.get(stratum) ?? 0))) continue;
    for (const [stratum, count] of needed) left.set(stratum, (left.get(stratum) ?? 0) - count);
    for (const other of alike) splits.set(other, 'test');
  }
  return withSplits(dataset, splits);
}

function countOf<T>(values: T[]): Map<T, number> {
  const counts = new Map<T, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

/**
 * How many of each stratum to test on: its share rounded down, and one more for those that lose most by it until the
 * whole is its share (largest remainders). At least one of all, never the last of a stratum, and none more for a stratum
 * whose share is a whole number, though the last of a smaller one be missing from the whole.
 *
 * @param strata of the images, in the order drawn: equal remainders are served in the order of first appearance
 */
function quotas<T>(strata: T[], share: number): Map<T, number> {
  const sizes = countOf(strata);
  const chosen = new Map([...sizes].map(([stratum, size]) => [stratum, Math.floor(size * share)]));
  let missing = Math.max(1, Math.round(strata.length * share));
  for (const count of chosen.values()) missing -= count;
  const remainder = (size: number) => size * share - Math.floor(size * share);
  for (const [stratum, size] of [...sizes].sort(([, a], [, b]) => remainder(b) - remainder(a))) {
    const count = chosen.get(stratum) ?? 0;
    if (missing <= 0 || count + 1 >= size || remainder(size) === 0) continue;
    chosen.set(stratum, count + 1);
    missing--;
  }
  return chosen;
}

/** Training images that look like one held out. */
function straddlers(dataset: Dataset, groups: number[][]): Set<number> {
  const training = new Set(trainingIndices(dataset));
  const isHeldOut = (image: number) =>
    !training.has(image) && ['test', 'val'].includes(dataset.images[image].split ?? '');
  return new Set(
    groups
      .filter((group) => group.some(isHeldOut))
      .flatMap((group) => group.filter((image) => training.has(image))),
  );
}

/** Few-shot: of more training images a class the rest is 'unused'. Captions and unlabelled images have no class; they stay. */
function limitShots(dataset: Dataset, order: number[], shots: number): Dataset {
  const splits = new Map(trainingIndices(dataset).map((image) => [image, 'train']));
  for (const image of beyond(dataset, order, shots)) splits.set(image, 'unused');
  return dataset.classes.length === 0 ? dataset : withSplits(dataset, splits);
}

/** Of more training images a class the rest is unlabelled. */
function limitLabels(dataset: Dataset, order: number[], labels: number): Dataset {
  const hidden = beyond(dataset, order, labels);
  return {
    ...dataset,
    images: dataset.images.map((image, i) => (hidden.has(i) ? { ...image, texts: [] } : image)),
  };
}

/** The training images of each class but the first `most` in this order. */
function beyond(dataset: Dataset, order: number[], most: number): Set<number> {
  const found = new Set<number>();
  if (dataset.classes.length === 0) return found;
  const training = new Set(trainingIndices(dataset));
  const taken = new Map<number, number>();
  for (const image of order) {
    const stratum = stratumOf(dataset, image);
    if (stratum === undefined || !training.has(image)) continue;
    const count = taken.get(stratum) ?? 0;
    if (count < most) taken.set(stratum, count + 1);
    else found.add(image);
  }
  return found;
}
