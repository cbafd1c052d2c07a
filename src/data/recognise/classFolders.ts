import type { ImportFiles } from '../archives/importFiles';
import { placeInSplits } from '../splits/splitNames';
import { ImageIndex } from './imageIndex';
import { readLines, splitByLists } from './rows';
import type { Listing, Source } from './source';

/** Folders that say what kind of file is in them, not what the pictures show. */
const aboutFolder = /^(docs?|assets|figures?|samples?|examples?|screenshots)$/i;
const generic = /^(images?|imgs?|pictures?|photos?|jpe?gs?|pngs?|data)$/i;

/** A folder per class, perhaps in folders for train, val and test; the class is the innermost folder that says something. */
export const classFolders: Source = async (files) => {
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
  const folders = new Set<string>();
  for (const [i, placement] of placements.entries()) {
    const folder =
      annotated.get(images[i]) ??
      placement.folders.findLast((name) => !generic.test(name)) ??
      (annotated.size === 0 ? placement.folders.at(-1) : undefined);
    const className = folder && classNamed(folder);
    const isAbout = inClasses && aboutFolder.test(placement.folders[0] ?? '');
    if (folder && className && !isAbout) {
      folders.add(folder);
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
  return listing;
};

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

/** A folder's name as the class that it stands for: '001.Black_footed_Albatross', 'cat-samples'. */
function classNamed(folder: string): string {
  return folder
    .replace(/^\d+\.(?=\p{L})/u, '')
    .replace(/-samples$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
}
