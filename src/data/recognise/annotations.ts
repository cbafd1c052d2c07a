import type { ImportFiles } from '../archives/importFiles';
import { mapConcurrent } from '../concurrent';
import { baseName, stemOf } from '../paths';
import { reasonOf } from '../text';
import { ImageIndex } from './imageIndex';
import { pairRows, type Row, skipUnnamed, splitByFolder, splitByLists } from './rows';
import type { Listing, Source } from './source';
import { readTableText } from './tableLimits';

const readsAtATime = 16;

/** What an annotation file says of one image. */
interface Annotation {
  image: string;
  /** Labels of the whole image. */
  tags: string[];
  /** Labels of what is drawn in it: boxes, polygons and the like. */
  shapes: string[];
}

/**
 * XML with annotations: PASCAL VOC's (Everingham et al. 2010), a file an image with an `<object>` for each thing in it, and
 * CVAT's, one for all images with `<tag>`s of the whole image and shapes in it. Tags are classes; where there is none, an
 * image's classes are those of its shapes.
 */
export const annotations: Source = async (files) => {
  const paths = files.others.filter((path) => /\.xml$/i.test(path));
  if (paths.length === 0 || files.images.length === 0) return undefined;
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
  skipUnnamed(listing, files.images, paths.length === 1 ? paths[0] : 'no XML file');
  const what = hasTags ? 'tags of the images' : 'boxes in the images';
  listing.format = `XML with ${what}`;
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
    return await parseAnnotations(await readTableText(await files.open(path)), stemOf(baseName(path)));
  } catch (error) {
    skipped.push({ file: path, reason: reasonOf(error) });
    return [];
  }
}

/** @param stem by which a VOC file's image goes: what is written in it is often another machine's */
async function parseAnnotations(xml: string, stem: string): Promise<Annotation[]> {
  const { Parser } = await import('htmlparser2');
  const found: Annotation[] = [];
  const open: string[] = [];
  let text = '';
  const ofCvat = (name: string, { label, name: image }: Record<string, string>) => {
    if (name === 'image' && image) found.push({ image, tags: [], shapes: [] });
    else if (label) found.at(-1)?.[name === 'tag' ? 'tags' : 'shapes'].push(label);
  };
  const parser = new Parser(
    {
      onopentag: (name, attributes) => {
        open.push(name);
        if (open[0] === 'annotations') ofCvat(name, attributes);
        else if (open.join(' ') === 'annotation') found.push({ image: stem, tags: [], shapes: [] });
        text = '';
      },
      ontext: (part) => {
        text += part;
      },
      onclosetag: () => {
        if (open.join(' ') === 'annotation object name') found[0].shapes.push(text.trim());
        open.pop();
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(xml);
  return found;
}
