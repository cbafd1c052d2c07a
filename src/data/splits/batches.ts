import { InputError } from '../../files/folder';
import { Random } from '../../files/random';
import type { Dataset } from '../dataset';

export interface BatchOptions {
  batchSize: number;
  shuffle: boolean;
  seed: number;
}

/**
 * The images to train on: the split 'train', or where there is none those without a split, or where all have others,
 * all. Indices in file order.
 */
export function trainingIndices({ images }: Dataset): number[] {
  const splits = new Set(images.map(({ split }) => split));
  const chosen = ['train', undefined].find((name) => splits.has(name));
  return [...images.keys()].filter((i) => !splits.has(chosen) || images[i].split === chosen);
}

/** How many images there are to train on, and how many of these have a text. */
export function trainingCounts(dataset: Dataset): { images: number; labelled: number; texts: number } {
  const indices = trainingIndices(dataset);
  const labelled = indices.filter((image) => dataset.images[image].texts.length > 0);
  return { images: indices.length, labelled: labelled.length, texts: dataset.texts.length };
}

/** The split to test on: 'test', else 'val'; undefined where there is neither. */
export function heldOutSplit({ images }: Dataset): string | undefined {
  const splits = new Set(images.map(({ split }) => split));
  return ['test', 'val'].find((name) => splits.has(name));
}

/** Batches an epoch has; a last incomplete one is dropped. Throws InputError where not one is full. */
export function batchesPerEpoch(indices: number[], batchSize: number): number {
  if (indices.length < batchSize) {
    throw new InputError(
      `There are ${indices.length} training images, fewer than a batch of ${batchSize}; ` +
        `a batch size of at most ${indices.length} would do.`,
    );
  }
  return Math.floor(indices.length / batchSize);
}

/**
 * The batch of a step, of nothing but the step, so that a run can go on anywhere.
 * Images come in file order, or in another order each epoch where they are shuffled.
 *
 * @param step from 0
 */
export function batchAt(step: number, indices: number[], options: BatchOptions) {
  const { epoch, start, order } = epochAt(step, indices, options);
  return { epoch, indices: order.slice(start, start + options.batchSize) };
}

/** The epoch's other images, those that come next after the step's batch first: what may stand in for its images. */
export function sparesAt(step: number, indices: number[], options: BatchOptions): number[] {
  const { start, order } = epochAt(step, indices, options);
  return [...order.slice(start + options.batchSize), ...order.slice(0, start)];
}

function epochAt(step: number, indices: number[], { batchSize, shuffle, seed }: BatchOptions) {
  const perEpoch = batchesPerEpoch(indices, batchSize);
  const epoch = Math.floor(step / perEpoch);
  const order = shuffle ? Random.keyed(seed, epoch).shuffle([...indices]) : indices;
  return { epoch, start: (step % perEpoch) * batchSize, order };
}

/**
 * The images to evaluate on: of `split`, by default 'test', else 'val', else the training images. `heldOut` is false
 * where they are trained on. At most `limit` of them, spread evenly over the classes and the same every time. Indices in file order.
 * Throws InputError where a split that was asked for is not there.
 */
export function evaluationIndices(dataset: Dataset, split?: string, limit = Number.POSITIVE_INFINITY) {
  const { images } = dataset;
  const splits = new Set(images.map((image) => image.split));
  if (split !== undefined && !splits.has(split)) {
    const known = [...splits].filter((name) => name !== undefined);
    const has = known.length > 0 ? `it has ${known.join(', ')}` : 'it has no splits';
    throw new InputError(`${dataset.name} has no images of the split ${split}; ${has}.`);
  }
  const chosen = split ?? heldOutSplit(dataset);
  const training = trainingIndices(dataset);
  const all = chosen === undefined ? training : [...images.keys()].filter((i) => images[i].split === chosen);
  const trained = new Set(training);
  const heldOut = !all.some((i) => trained.has(i));
  return { indices: spread(dataset, all, limit), heldOut };
}

/** At most `limit` of these images: every so-and-so-many-th when they are sorted by their first text, unlabelled ones first. */
function spread({ images }: Dataset, indices: number[], limit: number): number[] {
  if (indices.length <= limit) return indices;
  const firstText = (image: number) => images[image].texts[0] ?? -1;
  const byText = indices.toSorted((a, b) => firstText(a) - firstText(b));
  const chosen = Array.from({ length: limit }, (_, i) => byText[Math.floor((i * byText.length) / limit)]);
  return chosen.sort((a, b) => a - b);
}
