import type { Dataset, Skipped, Style } from './dataset';

/** What an importer understood, for people to check. */
export interface DataSummary {
  name: string;
  format: string;
  images: number;
  /** An image with two captions is two pairs. */
  pairs: number;
  classes: string[];
  /** How many texts the towers are asked. */
  texts: number;
  /** Images a split, in the order train, val, test, others; `{all: n}` where there are none. */
  splits: Record<string, number>;
  skipped: Skipped[];
  /** Whose work it is, for bundled data. */
  credits: Credit[];
  /** A few images for thumbnails: indices into the data set's images. */
  samples: { image: number; text: string }[];
}

interface Credit extends Omit<Style, 'id'> {
  images: number;
}

const splitOrder = ['train', 'val', 'test'];
const maxSamples = 24;

export function summarise(dataset: Dataset): DataSummary {
  const { name, format, images, classes, texts, skipped, styles } = dataset;
  return {
    name,
    format,
    images: images.length,
    pairs: images.reduce((sum, image) => sum + image.texts.length, 0),
    classes,
    texts: texts.length,
    splits: countSplits(dataset),
    skipped,
    credits: styles
      .map(({ id, ...style }) => ({ ...style, images: images.filter((image) => image.style === id).length }))
      .filter((credit) => credit.images > 0),
    samples: sampleImages(dataset),
  };
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
    return { image, text: classes[text] ?? texts[text] };
  });
}
