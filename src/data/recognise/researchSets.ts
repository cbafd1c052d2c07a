import { z } from 'zod';
import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import { baseName } from '../paths';
import { readText, reasonOf } from '../text';
import { ImageIndex } from './imageIndex';
import { pairRows, type Row, readLines, skipUnnamed } from './rows';
import type { Listing, Source } from './source';

/** A file that says which images are in which split, and of which class. */
type ReadSplits = (files: ImportFiles, root: string, set: ResearchSet) => Promise<Splits>;

interface Splits {
  rows: Row[];
  /** In label order. */
  classes: string[];
}

interface ResearchSet {
  name: string;
  /** Folder of the images, below the set's own; '' where the split file gives it. */
  images: string;
  /** The file by which the set is known; it lies in the set's folder. */
  file: string;
  promptTemplate: string;
  read: ReadSplits;
}

/** A set whose split file is of CoOp's making (Zhou et al. 2022, https://github.com/KaiyangZhou/CoOp). */
const coop = (name: string, images: string, promptTemplate: string, fileName = name): ResearchSet => ({
  name,
  images,
  file: `split_zhou_${fileName}.json`,
  promptTemplate,
  read: readCoopSplits,
});

/** The eleven sets that prompt learning is measured on, as CoOp lays them out on disk. */
const sets: ResearchSet[] = [
  {
    name: 'ImageNet',
    images: 'images',
    file: 'classnames.txt',
    promptTemplate: 'a photo of a {}.',
    read: readImageNet,
  },
  coop('Caltech101', '101_ObjectCategories', 'a photo of a {}.'),
  coop('OxfordPets', 'images', 'a photo of a {}, a type of pet.'),
  coop('StanfordCars', '', 'a photo of a {}.'),
  coop('Flowers102', 'jpg', 'a photo of a {}, a type of flower.', 'OxfordFlowers'),
  coop('Food101', 'images', 'a photo of {}, a type of food.'),
  {
    name: 'FGVCAircraft',
    images: 'images',
    file: 'variants.txt',
    promptTemplate: 'a photo of a {}, a type of aircraft.',
    read: readAircraft,
  },
  coop('SUN397', 'SUN397', 'a photo of a {}.'),
  coop('DTD', 'images', '{} texture.', 'DescribableTextures'),
  coop('EuroSAT', '2750', 'a centered satellite photo of {}.'),
  coop('UCF101', 'UCF-101-midframes', 'a photo of a person doing {}.'),
];

/** One of the eleven research sets, in the folder that is given or below it, known by its own split file. */
export const researchSets: Source = async (files) => {
  const found = sets.flatMap((set) => {
    const path = files.others.find((other) => baseName(other) === set.file);
    const root = path?.slice(0, path.length - set.file.length);
    return root !== undefined && isThere(set, root, files) ? [{ set, root }] : [];
  });
  if (found.length === 0) return undefined;
  if (found.length > 1) {
    const names = found.map(({ set, root }) => (root ? `${set.name} in ${root}` : set.name));
    throw new InputError(`${files.name} holds several research sets: ${names.join(', ')}. Give one of them.`);
  }
  const [{ set, root }] = found;
  const file = root + set.file;
  const { rows, classes } = await set.read(files, root, set);
  const listing: Listing = {
    format: `${set.name} with ${set.file}`,
    why: `${file} is the file by which researchers keep ${set.name}.`,
    kind: 'classes',
    pairings: [],
    classes,
    promptTemplate: set.promptTemplate,
    skipped: [],
  };
  pairRows(listing, rows, file, new ImageIndex(files.images));
  const folder = set.images && `${root}${set.images}/`;
  if (folder)
    skipUnnamed(
      listing,
      files.images.filter((image) => image.startsWith(folder)),
      file,
    );
  return listing;
};

/** Two sets have files of common names, which something beside must confirm. */
function isThere({ read }: ResearchSet, root: string, { images, others }: ImportFiles): boolean {
  if (read === readImageNet) return images.some((path) => wnidOf(path, root));
  return read !== readAircraft || others.includes(`${root}images_variant_train.txt`);
}

const maxClasses = 100_000;
const coopItem = z.tuple([
  z.string(),
  z
    .int()
    .min(0)
    .max(maxClasses - 1),
  z.string(),
]);
const coopSplits = z.object({
  train: z.array(z.unknown()),
  val: z.array(z.unknown()).default([]),
  test: z.array(z.unknown()),
});

async function readCoopSplits(
  files: ImportFiles,
  root: string,
  { file, images }: ResearchSet,
): Promise<Splits> {
  const path = root + file;
  const splits = await files
    .open(path)
    .then(async (blob) => coopSplits.parse(JSON.parse(await readText(blob))))
    .catch((error) => {
      const reason = error instanceof z.ZodError ? 'train and test are missing' : reasonOf(error);
      throw new InputError(
        `${path} is no split file of CoOp ({"train": [[path, label, name], …], …}): ${reason}.`,
      );
    });
  const items = Object.entries(splits).flatMap(([split, values]) =>
    values.map((value, i) => ({ split, place: `${split} ${i + 1}`, item: coopItem.safeParse(value).data })),
  );
  const names: string[] = [];
  for (const { item } of items) if (item) names[item[1]] = readable(item[2]);
  const classes = distinct(
    Array.from(names, (name, label) => name ?? `class ${label}`),
    (label) => `${label}`,
  );
  const rows = items.map(({ split, place, item }) => ({
    place,
    image: item && (images ? `${images}/${item[0]}` : item[0]),
    texts: item ? [classes[item[1]]] : [],
    split,
  }));
  return { rows, classes };
}

/** `images/{train,val}/WNID/`, with a line `WNID name` for each class in label order; val is what is tested on. */
async function readImageNet(files: ImportFiles, root: string): Promise<Splits> {
  const lines = await readLines(files, `${root}classnames.txt`);
  const wnids = lines.map((line) => line.split(' ')[0]);
  const names = lines.map((line) => readable(line.slice(line.indexOf(' ') + 1)));
  const classes = distinct(names, (label) => wnids[label]);
  const labels = new Map(wnids.map((wnid, label) => [wnid, label]));
  const rows = files.images.flatMap((image) => {
    const { folder, wnid } = wnidOf(image, root) ?? {};
    if (wnid === undefined) return [];
    const label = labels.get(wnid);
    const texts = label === undefined ? [] : [classes[label]];
    return [
      { place: wnid, image: image.slice(root.length), texts, split: folder === 'val' ? 'test' : folder },
    ];
  });
  return { rows, classes };
}

function wnidOf(path: string, root: string): { folder: string; wnid: string } | undefined {
  if (!path.startsWith(root)) return undefined;
  const [, folder, wnid] = /^images\/(train|val)\/(n\d{8})\//.exec(path.slice(root.length)) ?? [];
  return wnid === undefined ? undefined : { folder, wnid };
}

/** `images_variant_SPLIT.txt` with lines `0034309 707-320`, and the classes in `variants.txt`. */
async function readAircraft(files: ImportFiles, root: string): Promise<Splits> {
  const classes = await readLines(files, `${root}variants.txt`);
  const known = new Set(classes);
  const rows: Row[] = [];
  for (const split of ['train', 'val', 'test']) {
    const path = `${root}images_variant_${split}.txt`;
    if (!files.others.includes(path)) continue;
    for (const [i, line] of (await readLines(files, path)).entries()) {
      const [image] = line.split(' ');
      const name = line.slice(image.length + 1);
      const place = `${baseName(path)}, line ${i + 1}`;
      rows.push({ place, image: `images/${image}.jpg`, texts: known.has(name) ? [name] : [], split });
    }
  }
  return { rows, classes };
}

/** As CoOp puts class names into prompts. */
function readable(name: string): string {
  return name.replaceAll('_', ' ').trim();
}

/** Classes are told apart by their names: a name that comes again gets something of its own behind it. */
function distinct(names: string[], own: (label: number) => string): string[] {
  const seen = new Set<string>();
  return names.map((name, label) => {
    const unique = seen.has(name) ? `${name} (${own(label)})` : name;
    seen.add(unique);
    return unique;
  });
}
