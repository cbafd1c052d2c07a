import { placeInSplits } from '../splits/splitNames';
import type { Listing, Source } from './source';

/** Folders that say what kind of file is in them, not what the pictures show. */
const aboutFolder = /^(docs?|assets|figures?|samples?|examples?|screenshots)$/i;
const generic = /^(images?|imgs?|pictures?|photos?|jpe?gs?|pngs?|data)$/i;

/** A folder per class, perhaps in folders for train, val and test; the class is the innermost folder that says something. */
export const classFolders: Source = async ({ images }) => {
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
    const folder = placement.folders.findLast((name) => !generic.test(name)) ?? placement.folders.at(-1);
    const className = folder && classNamed(folder);
    const isAbout = inClasses && aboutFolder.test(placement.folders[0] ?? '');
    if (folder && className && !isAbout) {
      folders.add(folder);
      listing.pairings.push({ path: images[i], texts: [className], split: placement.split });
    } else listing.skipped.push({ file: images[i], reason: 'it lies in no class folder' });
  }
  const [first] = folders;
  if (first === undefined || (folders.size === 1 && generic.test(first))) return undefined;
  const splits = new Set(listing.pairings.flatMap(({ split }) => split ?? []));
  if (splits.size > 0) listing.format += ' in folders for the splits';
  const inSplits = splits.size > 0 ? `, in folders named after the splits ${[...splits].join(', ')}` : '';
  listing.why = `The images lie in folders such as ${first}${inSplits}.`;
  return listing;
};

/** A folder's name as the class that it stands for: '001.Black_footed_Albatross', 'cat-samples'. */
function classNamed(folder: string): string {
  return folder
    .replace(/^\d+\.(?=\p{L})/u, '')
    .replace(/-samples$/, '')
    .replace(/[_-]+/g, ' ')
    .trim();
}
