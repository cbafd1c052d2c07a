import type { ImportFiles } from '../archives/importFiles';
import { baseName, foldersOf } from '../paths';
import { type Placement, placeInSplits, splitNamed } from '../splits/splitNames';
import { ImageIndex } from './imageIndex';
import { readLines, splitByLists } from './rows';
import type { Listing, Source } from './source';

/** Folders that say what kind of file is in them, not what the pictures show. */
const aboutFolder = /^(docs?|assets|figures?|samples?|examples?|screenshots)$/i;
/** Folders of pictures that go with those beside them: what is where in each. */
const accessory =
  /^(masks?|trimaps?|segmentations?|segmentation(class|object)|annotations?|ground_?truth|depth|labels)$/i;
const generic = /^(images?|imgs?|pictures?|photos?|jpe?gs?|pngs?|data|jpegimages)$/i;

/** The images without masks and the like, which lie in folders beside one of 'images' or of a split. */
export function withoutAccessories(images: readonly string[]): string[] {
  const parents = new Set<string>();
  for (const path of images)
    for (const [i, name] of foldersOf(path).entries())
      if (generic.test(name) || splitNamed(name)) parents.add(foldersOf(path).slice(0, i).join('/'));
  return images.filter((path) => {
    const folders = foldersOf(path);
    return !folders.some((name, i) => accessory.test(name) && parents.has(folders.slice(0, i).join('/')));
  });
}

/** A folder per class, perhaps in folders for train, val and test; the class is the innermost folder that says something. */
export const classFolders: Source = async (files, { namesAsWritten }) => {
  const { images } = files;
  const index = new ImageIndex(images);
  const annotated = await annotatedClasses(files, index);
  const placements = placeInSplits(images);
  const inClasses = placements.some(({ folders }) => folders.length > 1 && !aboutFolder.test(folders[0]));
  const listing: Listing = {
    format: 'a folder per class',
    why: '',
    kind: 'classes',
    pairings: [],
    skipped: [],
  };
  const bySplits = new Set(placements.flatMap(({ split }) => split ?? [])).size > 1;
  const nameOf = innermostNames(placements.map(({ folders }) => folders));
  const folderOf = ({ folders, split }: Placement, image: string) =>
    (inClasses && aboutFolder.test(folders[0] ?? '')) || (bySplits && split === undefined)
      ? undefined
      : (annotated.get(image) ?? nameOf(folders) ?? (annotated.size === 0 ? folders.at(-1) : undefined));
  const named = placements.map((placement, i) => folderOf(placement, images[i]));
  const folders = new Set(named.flatMap((folder) => folder ?? []));
  const areNumbered = [...folders].every((folder) => numberBefore.test(folder));
  const classOf = (folder: string) =>
    namesAsWritten ? folder : classNamed(areNumbered ? folder.replace(numberBefore, '') : folder);
  for (const [i, placement] of placements.entries()) {
    const folder = named[i];
    const className = folder && classOf(folder);
    if (className) {
      listing.pairings.push({ path: images[i], texts: [className], split: placement.split });
    } else listing.skipped.push({ file: images[i], reason: 'it lies in no class folder' });
  }
  const [first] = folders;
  if (first === undefined || (folders.size === 1 && generic.test(first))) return undefined;
  await splitByLists(listing, files, index);
  const splits = new Set(listing.pairings.flatMap(({ split }) => split ?? []));
  const hasFolders = placements.some(({ split }) => split !== undefined);
  if (hasFolders) listing.format += ' in folders for the splits';
  const inSplits = hasFolders ? `, in folders named after the splits ${[...splits].join(', ')}` : '';
  listing.why = `The images lie in folders such as ${first}${inSplits}.`;
  const changed = [...folders].find((folder) => classOf(folder) !== withBlanks(folder));
  if (changed !== undefined && !namesAsWritten) {
    listing.renamed = { from: changed, to: classOf(changed) };
    listing.why += ` Classes have readable names: ${changed} is ${listing.renamed.to}.`;
  }
  return listing;
};

/**
 * What tells the innermost folder that says something: its name, or, where it lies deeper than others and its name comes
 * again in several folders, as SUN397 has `church/outdoor` beside `abbey`, the names above it too.
 */
function innermostNames(all: readonly string[][]): (folders: string[]) => string | undefined {
  const telling = (folders: string[]) => folders.filter((name) => !generic.test(name));
  const paths = [...new Set(all.map((folders) => telling(folders).join('/')))].filter((path) => path !== '');
  const depths = paths.map((path) => path.split('/').length);
  const least = Math.min(...depths);
  const shallow = new Set(paths.filter((_, i) => depths[i] === least).map(baseName));
  const timesOf = new Map<string, number>();
  for (const path of paths) timesOf.set(baseName(path), (timesOf.get(baseName(path)) ?? 0) + 1);
  const isJoined = paths.some((path, i) => {
    const name = baseName(path);
    return depths[i] > least && !shallow.has(name) && (timesOf.get(name) ?? 0) > 1;
  });
  return (folders) => {
    const names = telling(folders);
    return isJoined ? names.slice(least - 1).join(' ') || undefined : names.at(-1);
  };
}

/** Classes by image, of files such as Tiny ImageNet's `val_annotations.txt`: lines `NAME<tab>CLASS<tab>…`. */
async function annotatedClasses(files: ImportFiles, index: ImageIndex): Promise<Map<string, string>> {
  const classes = new Map<string, string>();
  for (const path of files.others.filter((other) => /annotations\.txt$/i.test(other)))
    for (const line of await readLines(files, path)) {
      const [name, className] = line.split('\t');
      const image = className && index.find(name, path);
      if (image) classes.set(image, className);
    }
  return classes;
}

/** The number of a class, or how often kohya's scripts repeat its images. */
const numberBefore = /^\d+[._ -]+(?=\p{L})/u;

/** A folder's name as the class that it stands for: '001.Black_footed_Albatross', 'cat-samples'. */
export function classNamed(folder: string): string {
  return withBlanks(folder.replace(/^(\d+\.|n\d{8}[-_ ]+)(?=\p{L})/u, '').replace(/-samples$/, ''));
}

function withBlanks(name: string): string {
  return name.replace(/[_-]+/g, ' ').trim();
}
