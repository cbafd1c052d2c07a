import { z } from 'zod';
import type { ImportFiles } from '../archives/importFiles';
import { mapConcurrent } from '../concurrent';
import { baseName, stemOf } from '../paths';
import { decodeText, reasonOf } from '../text';
import { ImageIndex } from './imageIndex';
import { pairRows, type Row, skipUnnamed, splitByFolder, splitByLists } from './rows';
import type { Listing, Source } from './source';
import { readTableText } from './tableLimits';

const readsAtATime = 16;
/** Of the JSON files that lie there. */
const looked = 3;

/** What an annotation file says of one image. */
interface Annotation {
  image: string;
  /** Labels of the whole image. */
  tags: string[];
  /** Labels of what is drawn in it: boxes, polygons and the like. */
  shapes: string[];
}

/**
 * Files of annotations: PASCAL VOC's XML (Everingham et al. 2010), a file an image with an `<object>` for each thing in it,
 * CVAT's, one for all images with `<tag>`s of the whole image and shapes in it, and the JSON of LabelMe and Supervisely, a
 * file an image. Tags are classes; where there is none, an image's classes are those of its shapes.
 */
export const annotations: Source = async (files) => {
  if (files.images.length === 0) return undefined;
  const paths = [...files.others.filter((path) => /\.xml$/i.test(path)), ...(await jsonAnnotations(files))];
  const index = new ImageIndex(files.images);
  const listing: Listing = { format: '', why: '', kind: 'classes', pairings: [], skipped: [] };
  const read = await mapConcurrent(paths, readsAtATime, (path) => readAnnotations(files, path, listing));
  const all = read.flat();
  if (all.length === 0) return undefined;
  const hasTags = all.some(({ tags }) => tags.length > 0);
  for (const [i, path] of paths.entries())
    pairRows(
      listing,
      read[i].map((one) => rowOf(one, hasTags)),
      path,
      index,
    );
  await splitByLists(listing, files, index);
  splitByFolder(listing, files);
  skipUnnamed(listing, files.images, paths.length === 1 ? paths[0] : 'no file of annotations');
  const what = hasTags ? 'tags of the images' : 'boxes in the images';
  listing.format = `${/json$/i.test(paths[0]) ? 'JSON' : 'XML'} with ${what}`;
  listing.why = `${paths[0]} ${paths.length > 1 ? `and ${paths.length - 1} more name` : 'names'} ${what}.`;
  if (!hasTags) listing.doubts = ['The classes are those of things in the images, not of whole images.'];
  return listing;
};

function rowOf({ image, tags, shapes }: Annotation, hasTags: boolean): Row {
  return { place: image, image, texts: [...new Set(hasTags ? tags : shapes)] };
}

async function readAnnotations(
  files: ImportFiles,
  path: string,
  { skipped }: Listing,
): Promise<Annotation[]> {
  try {
    const text = await readTableText(await files.open(path));
    const stem = stemOf(baseName(path));
    return /\.json$/i.test(path) ? [parseJson(text, stem)] : await parseXml(text, stem);
  } catch (error) {
    skipped.push({ file: path, reason: reasonOf(error) });
    return [];
  }
}

const labels = z.array(z.looseObject({ label: z.string() }).transform(({ label }) => label));
const titles = z.array(z.looseObject({ classTitle: z.string() }).transform(({ classTitle }) => classTitle));
const names = z.array(z.looseObject({ name: z.string() }).transform(({ name }) => name));
const flags = z
  .record(z.string(), z.boolean())
  .transform((all) => Object.keys(all).filter((name) => all[name]));
const jsonAnnotation = z.union([
  z.object({ imagePath: z.string(), shapes: labels, flags: flags.default([]) }).transform((one) => ({
    tags: one.flags,
    shapes: one.shapes,
  })),
  z.object({ tags: names, objects: titles }).transform(({ tags, objects }) => ({ tags, shapes: objects })),
]);

/** The JSON files of images where the first is one with annotations. */
async function jsonAnnotations({ others, read }: ImportFiles): Promise<string[]> {
  const paths = others.filter((path) => /\.json$/i.test(path));
  for (const path of paths.slice(0, looked)) {
    const isOne = await read(path)
      .then((bytes) => parseJson(decodeText(bytes), path))
      .then(
        () => true,
        () => false,
      );
    if (isOne) return paths;
  }
  return [];
}

/** @param stem the image's, perhaps with its ending, as Supervisely has it */
function parseJson(text: string, stem: string): Annotation {
  const { data } = jsonAnnotation.safeParse(JSON.parse(text));
  if (!data) throw new Error('it has no annotations as LabelMe or Supervisely writes them');
  return { image: stem, ...data };
}

/** @param stem by which a VOC file's image goes: what is written in it is often another machine's */
async function parseXml(xml: string, stem: string): Promise<Annotation[]> {
  const { Parser } = await import('htmlparser2');
  const found: Annotation[] = [];
  const open: string[] = [];
  let text = '';
  // Elements may lie ten thousands deep.
  const isAt = (...path: string[]) =>
    open.length === path.length && path.every((name, depth) => open[depth] === name);
  const ofCvat = (name: string, { label, name: image }: Record<string, string>) => {
    if (name === 'image' && image) found.push({ image, tags: [], shapes: [] });
    else if (label) found.at(-1)?.[name === 'tag' ? 'tags' : 'shapes'].push(label);
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        open.push(name);
        if (open[0] === 'annotations') ofCvat(name, attributes);
        else if (isAt('annotation')) found.push({ image: stem, tags: [], shapes: [] });
        text = '';
      },
      ontext: (part) => {
        text += part;
      },
      onclosetag: () => {
        if (isAt('annotation', 'object', 'name')) found[0].shapes.push(text.trim());
        open.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return found;
}
