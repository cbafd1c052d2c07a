import { z } from 'zod';
import type { ImportFiles } from '../archives/importFiles';
import { baseName, stemOf } from '../paths';
import { splitInName } from '../splits/splitNames';
import { readText, reasonOf } from '../text';
import { ImageIndex } from './imageIndex';
import { pairRows, type Row, skipUnnamed, splitByFolder } from './rows';
import { type Listing, NoTexts, type Source } from './source';

/** A folder with more JSON files has one for each image. */
const maxFiles = 50;

const cocoFile = z.object({
  images: z.array(z.unknown()),
  annotations: z.array(z.unknown()),
  categories: z.unknown().optional(),
});
const cocoImage = z.object({ id: z.unknown(), file_name: z.string(), split: z.string().optional() });
const cocoCaption = z.object({ image_id: z.unknown(), caption: z.string() });
/** An image's class, as iNaturalist has it; with a box it would be of a thing in it. */
const cocoClass = z.object({
  image_id: z.unknown(),
  category_id: z.unknown(),
  bbox: z.never().optional(),
  segmentation: z.never().optional(),
});
const cocoCategories = z.array(z.object({ id: z.unknown(), name: z.string() }));

interface Annotations {
  path: string;
  /** What the annotations say of whole images; undefined where it is nothing. */
  kind?: Listing['kind'];
  rows: Row[];
}

/**
 * COCO's captions (Chen et al. 2015): `{"images": [{id, file_name}], "annotations": [{image_id, caption}]}`, with the
 * images anywhere beside; or classes of whole images by `category_id`. Several files add up; `captions_train2017.json`
 * and the like say their split.
 */
export const coco: Source = async (files) => {
  const index = new ImageIndex(files.images);
  const skipped: Listing['skipped'] = [];
  const read: Annotations[] = [];
  for (const path of candidates(files)) {
    // COCO's other annotations are large, and of no use where there are captions.
    const isOther = /^(instances|person_keypoints|stuff|panoptic)_/i.test(baseName(path));
    if (isOther && read.some(({ kind }) => kind === 'captions')) continue;
    const annotations = await readAnnotations(files, path, skipped);
    if (annotations) read.push(annotations);
  }
  const [first] = read;
  const kind = ['captions' as const, 'classes' as const].find((one) =>
    read.some((file) => file.kind === one),
  );
  if (first === undefined) return undefined;
  if (kind === undefined) throw new NoTexts(noCaptions(first));
  const used = read.filter((file) => file.kind === kind);

  const names = used.map(({ path }) => path).join(', ');
  const listing: Listing = {
    format: `COCO ${kind} with ${used.map(({ path }) => baseName(path)).join(', ')}`,
    why: `${names} ${used.length > 1 ? 'list' : 'lists'} images and ${kind} as COCO does.`,
    kind,
    pairings: [],
    skipped,
  };
  for (const { path, rows } of used) {
    // The annotations of all splits usually come together, the images often don't.
    const isHere = rows.some(({ image }) => image !== undefined && index.find(image, path) !== undefined);
    if (isHere || used.length === 1) pairRows(listing, rows, path, index);
    else skipped.push({ file: path, reason: `none of its ${rows.length} images is there` });
  }
  splitByFolder(listing, files);
  skipUnnamed(listing, files.images, names);
  return listing;
};

/** JSON files that lie beside no image of their name; those that are called captions first. */
function candidates({ images, others }: ImportFiles): string[] {
  const paths = others.filter((path) => /\.json$/i.test(path));
  const stems = new Set(paths.length > 0 ? images.map(stemOf) : []);
  const alone = paths.filter((path) => !stems.has(stemOf(path)));
  const rank = (path: string) => (/caption/i.test(baseName(path)) ? 0 : 1);
  return alone.length > maxFiles ? [] : alone.sort((a, b) => rank(a) - rank(b));
}

async function readAnnotations(
  { open }: ImportFiles,
  path: string,
  skipped: Listing['skipped'],
): Promise<Annotations | undefined> {
  const isNamedSo = /^captions_/i.test(baseName(path));
  try {
    const file = cocoFile.safeParse(JSON.parse(await readText(await open(path))));
    if (file.success) return annotationsOf(file.data, path, skipped);
    if (isNamedSo) skipped.push({ file: path, reason: 'it has no images and annotations as COCO has them' });
  } catch (error) {
    // Another JSON file that is broken is for other forms to judge.
    if (isNamedSo) skipped.push({ file: path, reason: `it can't be read: ${reasonOf(error)}` });
  }
  return undefined;
}

function annotationsOf(
  { images, annotations, categories }: z.infer<typeof cocoFile>,
  path: string,
  skipped: Listing['skipped'],
): Annotations {
  const captions = textsByImage(annotations, (annotation) => {
    const { data } = cocoCaption.safeParse(annotation);
    return { image: data?.image_id, text: data?.caption.trim() };
  });
  const names = new Map(cocoCategories.safeParse(categories).data?.map(({ id, name }) => [String(id), name]));
  const classes = textsByImage(annotations, (annotation) => {
    const { data } = cocoClass.safeParse(annotation);
    return { image: data?.image_id, text: data && names.get(String(data.category_id)) };
  });
  const isCaptioned = captions.texts.size > 0;
  const { texts, lacking } = isCaptioned ? captions : classes;
  if (texts.size > 0 && lacking > 0)
    skipped.push({
      file: path,
      reason: `${lacking} of its annotations have no image_id and ${isCaptioned ? 'caption' : 'category'}`,
    });
  const rows = images.map((value, i) => {
    const image = cocoImage.safeParse(value).data;
    const split = image?.split ?? splitInName(baseName(path));
    const id = String(image?.id ?? i + 1);
    return { place: `image ${id}`, image: image?.file_name, texts: texts.get(id) ?? [], split };
  });
  return { path, kind: isCaptioned ? 'captions' : texts.size > 0 ? 'classes' : undefined, rows };
}

/** The texts of each image by its id, and how many annotations have none. */
function textsByImage(
  annotations: unknown[],
  read: (annotation: unknown) => { image?: unknown; text?: string },
): { texts: Map<string, string[]>; lacking: number } {
  const texts = new Map<string, string[]>();
  let lacking = 0;
  for (const annotation of annotations) {
    const { image, text } = read(annotation);
    const known = texts.get(String(image));
    if (!text) lacking++;
    else if (known) known.push(text);
    else texts.set(String(image), [text]);
  }
  return { texts, lacking };
}

function noCaptions({ path }: Annotations): string {
  const better = baseName(path).replace(/^(instances|person_keypoints|stuff|panoptic)_/, 'captions_');
  const hint = better === baseName(path) ? 'a COCO file with captions' : better;
  return `${path} has COCO annotations but no captions; ${hint} would be right.`;
}
