import { z } from 'zod';
import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import { baseName, stemOf } from '../paths';
import { splitInName } from '../splits/splitNames';
import { readText, reasonOf } from '../text';
import { ImageIndex } from './imageIndex';
import { pairRows, type Row, skipUnnamed, splitByFolder } from './rows';
import type { Listing, Source } from './source';
import { isTable } from './table';

/** A folder with more JSON files has one for each image. */
const maxFiles = 50;

const cocoFile = z.object({ images: z.array(z.unknown()), annotations: z.array(z.unknown()) });
const cocoImage = z.object({ id: z.unknown(), file_name: z.string(), split: z.string().optional() });
const cocoCaption = z.object({ image_id: z.unknown(), caption: z.string() });

interface Captions {
  path: string;
  /** Whether any annotation is a caption. */
  hasCaptions: boolean;
  rows: Row[];
}

/**
 * COCO's captions (Chen et al. 2015): `{"images": [{id, file_name}], "annotations": [{image_id, caption}]}`, with the
 * images anywhere beside. Several files add up; `captions_train2017.json` and the like say their split.
 */
export const coco: Source = async (files) => {
  const index = new ImageIndex(files.images);
  const skipped: Listing['skipped'] = [];
  const read: Captions[] = [];
  for (const path of candidates(files)) {
    // COCO's other annotations are large, and of no use where there are captions.
    if (read.some(({ hasCaptions }) => hasCaptions) && !/caption/i.test(baseName(path))) continue;
    const captions = await readCaptions(files, path, skipped);
    if (captions) read.push(captions);
  }
  const [withoutCaptions] = read;
  const used = read.filter(({ hasCaptions }) => hasCaptions);
  if (withoutCaptions === undefined) return undefined;
  if (used.length === 0) {
    if (files.others.some(isTable)) return undefined;
    throw new InputError(noCaptions(withoutCaptions));
  }

  const names = used.map(({ path }) => path).join(', ');
  const listing: Listing = {
    format: `COCO captions with ${used.map(({ path }) => baseName(path)).join(', ')}`,
    why: `${names} ${used.length > 1 ? 'list' : 'lists'} images and captions as COCO does.`,
    kind: 'captions',
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

async function readCaptions(
  { open }: ImportFiles,
  path: string,
  skipped: Listing['skipped'],
): Promise<Captions | undefined> {
  const isNamedSo = /^captions_/i.test(baseName(path));
  try {
    const file = cocoFile.safeParse(JSON.parse(await readText(await open(path))));
    if (file.success) return captionsOf(file.data, path, skipped);
    if (isNamedSo) skipped.push({ file: path, reason: 'it has no images and annotations as COCO has them' });
  } catch (error) {
    // Another JSON file that is broken is for other forms to judge.
    if (isNamedSo) skipped.push({ file: path, reason: `it can't be read: ${reasonOf(error)}` });
  }
  return undefined;
}

function captionsOf(
  { images, annotations }: z.infer<typeof cocoFile>,
  path: string,
  skipped: Listing['skipped'],
): Captions {
  const texts = new Map<string, string[]>();
  let lacking = 0;
  for (const annotation of annotations) {
    const { data } = cocoCaption.safeParse(annotation);
    const text = data?.caption.trim();
    const image = String(data?.image_id);
    if (text) texts.set(image, [...(texts.get(image) ?? []), text]);
    else lacking++;
  }
  const hasCaptions = texts.size > 0;
  if (hasCaptions && lacking > 0)
    skipped.push({ file: path, reason: `${lacking} of its annotations have no image_id and caption` });
  const rows = images.map((value, i) => {
    const image = cocoImage.safeParse(value).data;
    const split = image?.split ?? splitInName(baseName(path));
    const id = String(image?.id ?? i + 1);
    const place = `image ${id}`;
    return { place, image: image?.file_name, texts: texts.get(id) ?? [], split };
  });
  return { path, hasCaptions, rows };
}

function noCaptions({ path }: Captions): string {
  const better = baseName(path).replace(/^(instances|person_keypoints|stuff|panoptic)_/, 'captions_');
  const hint = better === baseName(path) ? 'a COCO file with captions' : better;
  return `${path} has COCO annotations but no captions; ${hint} would be right.`;
}
