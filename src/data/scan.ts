import { InputError, type OnProgress } from '../files/folder';
import { mapConcurrent } from './concurrent';
import type { Dataset, ImageFacts, Skipped } from './dataset';
import { reasonOf } from './text';

/** No image worth having takes as long; a file that does is there to stop us. */
const mostSeconds = 60;

/** What is known of images, by their index in the data set: facts, or why one can't be used. */
export interface Findings {
  facts: Map<number, ImageFacts>;
  broken: Map<number, string>;
}

export interface ScanOptions {
  /** How many images are looked into at a time. */
  concurrency: number;
  /** What is known already; it is added to. */
  findings?: Findings;
  /** Begins with no further image after so many milliseconds. */
  budgetMs?: number;
  onProgress?: OnProgress;
  signal?: AbortSignal;
}

/**
 * Looks into all images that nothing is known of yet, in their order.
 *
 * @param examine answers undefined where all that it found is that an image seems whole
 */
export async function examineAll(
  dataset: Dataset,
  examine: (file: Blob, path: string) => Promise<ImageFacts | undefined>,
  { concurrency, findings = noFindings(), budgetMs, onProgress, signal }: ScanOptions,
): Promise<Findings> {
  const { facts, broken } = findings;
  const { images } = dataset;
  const end = performance.now() + (budgetMs ?? Number.POSITIVE_INFINITY);
  const unknown = [...images.keys()].filter((image) => !facts.has(image) && !broken.has(image));
  let done = facts.size + broken.size;
  const look = async (image: number) => {
    if (performance.now() > end) return;
    try {
      const looking = dataset.open(images[image]).then((file) => examine(file, images[image].path));
      const found = await withinTime(looking);
      if (found) facts.set(image, found);
    } catch (error) {
      broken.set(image, reasonOf(error));
    }
    onProgress?.({ label: 'checking images', done: ++done, total: images.length, unit: 'images' });
  };
  await mapConcurrent(unknown, concurrency, look, signal);
  return findings;
}

export function noFindings(): Findings {
  return { facts: new Map(), broken: new Map() };
}

/**
 * The data set without the images that can't be used, which are among the skipped instead, and the facts by the new
 * indices. Throws InputError where no image is left.
 */
export function withoutBroken(
  dataset: Dataset,
  { facts, broken }: Findings,
): { dataset: Dataset; facts: Map<number, ImageFacts> } {
  if (broken.size === 0) return { dataset, facts };
  const { name, images } = dataset;
  const good = [...images.keys()].filter((image) => !broken.has(image));
  const skipped = [...broken.keys()]
    .sort((a, b) => a - b)
    .map((image) => ({ file: images[image].path, reason: broken.get(image) ?? '' }));
  if (good.length === 0) throw new InputError(`${name}: no image can be read.${firstReasons(skipped)}`);
  const moved = new Map<number, ImageFacts>();
  for (const [index, image] of good.entries()) {
    const fact = facts.get(image);
    if (fact) moved.set(index, fact);
  }
  return {
    dataset: {
      ...dataset,
      images: good.map((image) => images[image]),
      skipped: [...dataset.skipped, ...skipped],
    },
    facts: moved,
  };
}

/** The first three of these as a further sentence, with a blank before it; '' where there is none. */
export function firstReasons(skipped: readonly Skipped[]): string {
  if (skipped.length === 0) return '';
  const more = skipped.length > 3 ? `; and ${skipped.length - 3} more` : '';
  const first = skipped.slice(0, 3).map(({ file, reason }) => `${file}: ${reason}`);
  return ` ${first.join('; ')}${more}.`;
}

async function withinTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const tooLong = new Promise<never>((_, reject) => {
    const reason = `looking into it takes over ${mostSeconds} seconds`;
    timer = setTimeout(() => reject(new Error(reason)), mostSeconds * 1000);
  });
  try {
    return await Promise.race([work, tooLong]);
  } finally {
    clearTimeout(timer);
  }
}
