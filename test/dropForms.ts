import { readFileSync } from 'node:fs';
import { gzipSync, zipSync } from 'fflate';
import { packTar } from 'modern-tar';
import sharp from 'sharp';
import { hubParquet } from './unit/sources/recognise';

/** Files by path, in memory. */
export type Files = Record<string, Uint8Array | string>;

/** A form that data comes in: what is dropped, and what the page is to say of it. */
export interface DropForm {
  /** The names at the top are what is dropped, files and folders. */
  files: Files;
  format: string;
  counts: string;
  classes?: number;
  /** Where the data brings a split of its own. */
  splits?: string;
  skipped?: number;
}

/** Real pictures, each with a pattern of its own, so that no two look alike. */
async function picture(i: number): Promise<Uint8Array> {
  const bits = Array.from(
    { length: 64 },
    (_, bit) => 255 * (((((i + 1) * 2654435761) >>> (bit % 31)) & 1) ^ ((bit * i) & 1)),
  );
  const image = sharp(Uint8Array.from(bits), { raw: { width: 8, height: 8, channels: 1 } });
  return new Uint8Array(await image.resize(24, 24, { kernel: 'nearest' }).png().toBuffer());
}

const pictures = await Promise.all(Array.from({ length: 12 }, (_, i) => picture(i)));

const toBytes = (content: Uint8Array | string) =>
  new Uint8Array(typeof content === 'string' ? new TextEncoder().encode(content) : content);

const zip = (files: Files) =>
  zipSync(Object.fromEntries(Object.entries(files).map(([path, content]) => [path, toBytes(content)])));

const tar = (files: Files) =>
  packTar(
    Object.entries(files).map(([name, content]) => {
      const body = toBytes(content);
      return { header: { name, size: body.length }, body };
    }),
  );

/** So many pictures under the paths that `name` gives. */
const named = (n: number, name: (i: number) => string): Files =>
  Object.fromEntries(pictures.slice(0, n).map((bytes, i) => [name(i), bytes]));

const lines = (n: number, line: (i: number) => string) =>
  Array.from({ length: n }, (_, i) => line(i)).join('\n');

const imageFolder: Files = {
  ...named(10, (i) => `images/${i}.png`),
  'images/broken.png': 'no picture',
  'metadata.csv': `file_name,text\n${lines(10, (i) => `images/${i}.png,caption ${i}`)}\nimages/broken.png,none\n`,
};

const classFolders: Files = {
  ...named(6, (i) => `train/${i % 2 ? 'sea_otter' : 'owl'}/${i}.png`),
  ...Object.fromEntries(
    pictures.slice(6, 10).map((bytes, i) => [`test/${i % 2 ? 'sea_otter' : 'owl'}/${i}.png`, bytes]),
  ),
};

const sidecars: Files = {
  ...named(8, (i) => `${i}.png`),
  ...Object.fromEntries(pictures.slice(0, 8).map((_, i) => [`${i}.txt`, `one ${i}\ntwo ${i}`])),
};

const under = (folder: string, files: Files): Files =>
  Object.fromEntries(Object.entries(files).map(([path, content]) => [`${folder}/${path}`, content]));

const shard = (from: number, to: number) =>
  tar(
    Object.fromEntries(
      pictures.slice(from, to).flatMap((bytes, i) => [
        [`${from + i}.png`, bytes],
        [`${from + i}.txt`, `caption ${from + i}`],
      ]),
    ),
  );

const coco = JSON.stringify({
  images: pictures.slice(0, 8).map((_, id) => ({ id, file_name: `${id}.png` })),
  annotations: [...pictures.slice(0, 8), ...pictures.slice(0, 8)].map((_, i) => ({
    id: i,
    image_id: i % 8,
    caption: `caption ${i}`,
  })),
});

const pets = JSON.stringify({
  train: [0, 1, 2, 3, 4, 5].map((i) => [`${i}.png`, i % 2, i % 2 ? 'beagle' : 'bengal']),
  val: [6, 7].map((i) => [`${i}.png`, i % 2, i % 2 ? 'beagle' : 'bengal']),
  test: [8, 9].map((i) => [`${i}.png`, i % 2, i % 2 ? 'beagle' : 'bengal']),
});

/** A picture as phones write it, by heif-enc. */
const heic = new Uint8Array(readFileSync(new URL('./fixtures/pattern.heic', import.meta.url)));

/** One image of eight has two things in it. */
const voc = (i: number) => {
  const names = i === 0 ? ['owl', 'otter'] : [i % 2 ? 'owl' : 'otter'];
  return `<annotation>${names.map((name) => `<object><name>${name}</name></object>`).join('')}</annotation>`;
};

/** Class folders, or captions. */
export const ambiguous: Files = under('both', {
  ...named(8, (i) => `${i % 2 ? '1.grey_owl' : '2.sea_otter'}/${i}.png`),
  'captions.csv': `image,caption\n${lines(8, (i) => `${i}.png,a ${i % 2 ? 'bird in a tree' : 'beast in a river'} ${i}`)}`,
});

/** Every form of the table of forms, small. */
export const forms: Record<string, DropForm> = {
  'an image folder with metadata.csv': {
    files: under('shapes', imageFolder),
    format: 'metadata.csv',
    counts: '10 images, 10 pairs',
    skipped: 1,
  },
  'a table with columns of other names': {
    files: under('described', {
      ...named(8, (i) => `${i}.png`),
      'all.jsonl': lines(8, (i) => JSON.stringify({ picture: `${i}.png`, what: `a long description ${i}` })),
    }),
    format: 'all.jsonl',
    counts: '8 images, 8 pairs',
  },
  'a folder a class with splits': {
    files: under('animals', classFolders),
    format: 'a folder per class',
    counts: '10 images, 10 pairs',
    classes: 2,
    splits: '6 train, 4 test',
  },
  'images with texts beside them': {
    files: under('beside', sidecars),
    format: 'txt',
    counts: '8 images, 16 pairs',
  },
  'a WebDataset of two shards': {
    files: { '000000.tar': await shard(0, 5), '000001.tar': await shard(5, 10) },
    format: 'WebDataset',
    counts: '10 images, 10 pairs',
  },
  Parquet: {
    files: {
      'train-00000-of-00001.parquet': hubParquet(
        {
          image: pictures.slice(0, 8).map((bytes) => ({ bytes, path: null })),
          label: pictures.slice(0, 8).map((_, i) => BigInt(i % 2)),
        },
        { names: ['owl', 'otter'] },
      ),
    },
    format: 'Parquet',
    counts: '8 images, 8 pairs',
    classes: 2,
  },
  'COCO captions': {
    files: under('coco', {
      ...named(8, (i) => `val2017/${i}.png`),
      'annotations/captions_val2017.json': coco,
    }),
    format: 'COCO',
    counts: '8 images, 16 pairs',
  },
  'a Flickr8k token file': {
    files: under('flickr', {
      ...named(8, (i) => `Images/${i}.jpg`),
      'Flickr8k.token.txt': lines(16, (i) => `${i >> 1}.jpg#${i % 2}\tcaption ${i}`),
    }),
    format: 'Flickr',
    counts: '8 images, 16 pairs',
  },
  'one of the eleven research sets': {
    files: under('oxford_pets', {
      ...named(10, (i) => `images/${i}.png`),
      'split_zhou_OxfordPets.json': pets,
    }),
    format: 'OxfordPets',
    counts: '10 images, 10 pairs',
    classes: 2,
    splits: '6 train, 2 val, 2 test',
  },
  'a text file with a line an image': {
    files: under('listed', {
      ...named(10, (i) => `images/${i}.png`),
      'train_list.txt': lines(6, (i) => `images/${i}.png ${i % 2}`),
      'val_list.txt': lines(4, (i) => `images/${i + 6}.png ${i % 2}`),
      'label_list.txt': 'owl\nsea otter\n',
    }),
    format: 'train_list.txt',
    counts: '10 images, 10 pairs',
    classes: 2,
    splits: '6 train, 4 val',
  },
  'columns of 0 and 1': {
    files: under('attributes', {
      ...named(8, (i) => `${i}.png`),
      'attributes.csv': `name,furry,swims\n${lines(8, (i) => `${i}.png,${i % 2},1`)}`,
    }),
    format: 'attributes.csv',
    counts: '8 images, 12 pairs',
    classes: 2,
  },
  'texts in a folder of their own': {
    files: under('apart', {
      ...named(8, (i) => `images/${i}.png`),
      ...Object.fromEntries(pictures.slice(0, 8).map((_, i) => [`texts/${i}.txt`, `a picture of ${i} owls`])),
    }),
    format: 'txt',
    counts: '8 images, 8 pairs',
  },
  "classes in the images' names": {
    files: under('flat', {
      ...named(6, (i) => `train/${i % 2 ? 'owl' : 'otter'}.${i}.png`),
      ...Object.fromEntries(
        pictures.slice(6, 10).map((bytes, i) => [`test/${i % 2 ? 'owl' : 'otter'}.${i}.png`, bytes]),
      ),
    }),
    format: "images' names",
    counts: '10 images, 10 pairs',
    classes: 2,
    splits: '6 train, 4 test',
  },
  'class folders with a table of captions': {
    files: ambiguous,
    format: 'captions.csv',
    counts: '8 images, 8 pairs',
  },
  'pictures of a phone (HEIC), one under another name': {
    files: under('phone', {
      ...Object.fromEntries([0, 1, 2].map((i) => [`${i % 2 ? 'owl' : 'otter'}/IMG_${i}.HEIC`, heic])),
      'owl/IMG_3.jpeg': heic,
      'owl/broken.heic': heic.subarray(0, 500),
    }),
    format: 'a folder per class',
    counts: '4 images, 4 pairs',
    classes: 2,
    skipped: 1,
  },
  "VOC's annotations in XML": {
    files: under('voc', {
      ...named(8, (i) => `JPEGImages/${i}.png`),
      ...Object.fromEntries(pictures.slice(0, 8).map((_, i) => [`Annotations/${i}.xml`, voc(i)])),
      'ImageSets/Main/train.txt': lines(6, (i) => `${i}`),
      'ImageSets/Main/val.txt': lines(2, (i) => `${i + 6}`),
    }),
    format: 'XML with boxes',
    counts: '8 images, 9 pairs',
    classes: 2,
    splits: '6 train, 2 val',
  },
  'a packed table beside folders of one name for the splits': {
    files: under('signs', {
      ...named(6, (i) => `signs_train/${i}.png`),
      ...Object.fromEntries(pictures.slice(6, 10).map((bytes, i) => [`signs_test/${i + 6}.png`, bytes])),
      'captions.jsonl.gz': gzipSync(
        toBytes(lines(10, (i) => JSON.stringify({ image: `${i}.png`, caption: `a sign with ${i} dots` }))),
      ),
    }),
    format: 'captions.jsonl',
    counts: '10 images, 10 pairs',
    splits: '6 train, 4 test',
  },
  'a published split with a picture on both sides': {
    files: under('published', { ...classFolders, 'train/owl/again.png': pictures[6] }),
    format: 'a folder per class',
    counts: '11 images, 11 pairs',
    classes: 2,
    splits: '7 train, 4 test',
  },
  'a zip': {
    files: { 'animals.zip': zip(classFolders) },
    format: 'a folder per class',
    counts: '10 images, 10 pairs',
    classes: 2,
    splits: '6 train, 4 test',
  },
  'a tar': {
    files: { 'shapes.tar': await tar(imageFolder) },
    format: 'metadata.csv',
    counts: '10 images, 10 pairs',
    skipped: 1,
  },
  'a tar.gz': {
    files: { 'beside.tar.gz': gzipSync(await tar(sidecars)) },
    format: 'txt',
    counts: '8 images, 16 pairs',
  },
};

/** Images that come without any text. */
export const looseImages: Files = named(8, (i) => `${i}.png`);
