import type { Dataset, ImageFacts } from '../../src/data/dataset';

/** A data set without files. */
export function sampleDataset(parts: Partial<Dataset>): Dataset {
  return {
    name: 'x',
    format: '',
    why: '',
    doubts: [],
    otherForms: [],
    classes: [],
    texts: [],
    promptTemplate: '{}',
    images: [],
    tables: [],
    skipped: [],
    styles: [],
    open: async () => new Blob(),
    ...parts,
  };
}

/** One image for each of these [class, split], called 0.png, 1.png, …; without a class where it is undefined. */
export function classDataset(entries: [label?: number, split?: string][]): Dataset {
  const count = Math.max(0, ...entries.map(([label = 0]) => label)) + 1;
  const classes = Array.from({ length: count }, (_, label) => `class ${label}`);
  const images = entries.map(([label, split], i) => ({
    path: `${i}.png`,
    texts: label === undefined ? [] : [label],
    split,
  }));
  return sampleDataset({ classes, texts: classes, images });
}

/** Facts of images by their index, with these hashes. */
export function factsOf(hashes: Record<number, string>): Map<number, ImageFacts> {
  const same = { width: 10, height: 10, colours: new Uint8Array(48) };
  return new Map(Object.entries(hashes).map(([i, hash]) => [Number(i), { ...same, hash }]));
}
