import { count } from '../files/count';
import type { Dataset, ImageFacts, OtherForm, Renamed, Skipped, Style, TableReading } from './dataset';
import { saysLeftOrRight } from './leftRight';
import { scriptsOf } from './scripts';
import type { Arranged } from './splits/arrange';
import { evaluationIndices, heldOutSplit, trainingCounts, trainingIndices } from './splits/batches';
import type { DuplicateCounts } from './splits/nearDuplicates';

/** What an importer understood, for people to check. */
export interface DataSummary {
  name: string;
  format: string;
  /** By what the form was recognised. */
  why: string;
  /** What is unsure of it, in sentences. */
  doubts: string[];
  otherForms: OtherForm[];
  /** One of the classes that go by another name than the data writes, where there is one. */
  renamed?: Renamed;
  images: number;
  /** Images to train on, and how many of these have a text. */
  training: { images: number; labelled: number; texts: number };
  /** An image with two captions is two pairs. */
  pairs: number;
  classes: string[];
  /** Images of each class in training and for testing; empty for captions. */
  classCounts: { train: number; test: number }[];
  /** What class names became texts by; undefined for captions. */
  promptTemplate?: string;
  /** Captions an image has; undefined for classes. */
  captionsPerImage?: { least: number; mean: number; most: number };
  /** Which scripts the texts are written in (Unicode's names), the most used first, shares 0..1 of their letters. */
  scripts: { script: string; share: number }[];
  /** Images whose texts say left or right, which are never mirrored. */
  notMirrored: number;
  /** How many images were looked into so far. */
  examined: number;
  /** Pixels of these, smallest, median and largest by area; undefined before any was. */
  sizes?: { smallest: Size; median: Size; largest: Size };
  duplicates: DuplicateCounts;
  tables: TableReading[];
  /** How many texts the towers are asked. */
  texts: number;
  /** Images a split, in the order train, val, test, others; `{all: n}` where there are none. */
  splits: Record<string, number>;
  /** Whether the data itself says what to test on; else a share of it can be kept for that. */
  hasOwnTest: boolean;
  skipped: Skipped[];
  /** Whose work it is, for bundled data. */
  credits: Credit[];
  /** A few images for thumbnails: indices into the data set's images. */
  samples: { image: number; text: string }[];
}

interface Size {
  width: number;
  height: number;
}

interface Credit extends Omit<Style, 'id'> {
  images: number;
}

const splitOrder = ['train', 'val', 'test'];
const maxSamples = 24;

/**
 * @param facts by image index, of those that were looked into
 * @param arranged how the data set was arranged; as it is read where undefined
 */
export function summarise(
  dataset: Dataset,
  facts: ReadonlyMap<number, ImageFacts> = new Map(),
  arranged: Omit<Arranged, 'dataset'> = {
    duplicates: { nearDuplicates: 0, straddling: 0, leftOut: 0 },
    hasOwnTest: heldOutSplit(dataset) !== undefined,
  },
): DataSummary {
  const { name, format, why, doubts, images, classes, texts, tables, skipped, styles } = dataset;
  const areClasses = classes.length > 0;
  const saysSide = texts.map(saysLeftOrRight);
  return {
    name,
    format,
    why,
    doubts: [...doubts, ...doubtsAboutSplits(arranged.duplicates)],
    otherForms: dataset.otherForms,
    renamed: dataset.renamed,
    images: images.length,
    training: trainingCounts(dataset),
    pairs: images.reduce((sum, image) => sum + image.texts.length, 0),
    classes,
    classCounts: countClasses(dataset),
    promptTemplate: areClasses ? dataset.promptTemplate : undefined,
    captionsPerImage: areClasses ? undefined : countCaptions(dataset),
    scripts: scriptsOf(areClasses ? classes : texts),
    notMirrored: images.filter((image) => image.texts.some((text) => saysSide[text])).length,
    examined: facts.size,
    sizes: sizesOf(facts),
    duplicates: arranged.duplicates,
    tables,
    texts: texts.length,
    splits: countSplits(dataset),
    hasOwnTest: arranged.hasOwnTest,
    skipped,
    credits: styles
      .map(({ id, ...style }) => ({ ...style, images: images.filter((image) => image.style === id).length }))
      .filter((credit) => credit.images > 0),
    samples: sampleImages(dataset),
  };
}

function doubtsAboutSplits({ straddling }: DuplicateCounts): string[] {
  if (straddling === 0) return [];
  const which =
    straddling === 1 ? '1 image to train on looks' : `${count(straddling)} images to train on look`;
  return [`${which} like one that is held out for testing.`];
}

function countClasses(dataset: Dataset): DataSummary['classCounts'] {
  const counts = dataset.classes.map(() => ({ train: 0, test: 0 }));
  const count = (indices: number[], use: 'train' | 'test') => {
    for (const image of indices)
      for (const label of dataset.images[image].texts) if (counts[label]) counts[label][use]++;
  };
  const { indices, heldOut } = evaluationIndices(dataset);
  count(trainingIndices(dataset), 'train');
  if (heldOut) count(indices, 'test');
  return counts;
}

function countCaptions({ images }: Dataset): DataSummary['captionsPerImage'] {
  const counts = images.map(({ texts }) => texts.length).sort((a, b) => a - b);
  const sum = counts.reduce((a, b) => a + b, 0);
  return { least: counts[0], mean: sum / counts.length, most: counts[counts.length - 1] };
}

function sizesOf(facts: ReadonlyMap<number, ImageFacts>): DataSummary['sizes'] {
  const sizes = [...facts.values()]
    .map(({ width, height }) => ({ width, height }))
    .sort((a, b) => a.width * a.height - b.width * b.height);
  const last = sizes.length - 1;
  if (last < 0) return undefined;
  return { smallest: sizes[0], median: sizes[Math.floor(last / 2)], largest: sizes[last] };
}

function countSplits({ images }: Dataset): Record<string, number> {
  const rank = (split: string | undefined) => {
    const index = splitOrder.indexOf(split ?? '');
    return index < 0 ? splitOrder.length : index;
  };
  const splits = new Set(images.map(({ split }) => split));
  const counts: Record<string, number> = {};
  for (const split of [...splits].sort((a, b) => rank(a) - rank(b))) {
    const label = split ?? (splits.size === 1 ? 'all' : 'none');
    counts[label] = images.filter((image) => image.split === split).length;
  }
  return counts;
}

/** Images spread evenly over the data set. */
function sampleImages({ images, classes, texts }: Dataset): DataSummary['samples'] {
  const count = Math.min(maxSamples, images.length);
  return Array.from({ length: count }, (_, i) => {
    const image = Math.floor((i * images.length) / count);
    const [text] = images[image].texts;
    return { image, text: classes[text] ?? texts[text] ?? '' };
  });
}
