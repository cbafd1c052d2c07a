import { placeInSplits } from '../splits';
import type { Listing, Source } from './source';

/** Folders that say what kind of file is in them, not what the pictures show. */
const generic = /^(images?|imgs?|pictures?|photos?|jpe?gs?|pngs?|data)$/i;

/** A folder per class, perhaps in folders for train, val and test; the class is the innermost folder that says something. */
export const classFolders: Source = async ({ images }) => {
  const placements = placeInSplits(images);
  const listing: Listing = { format: 'a folder per class', kind: 'classes', pairings: [], skipped: [] };
  for (const [i, { split, folders }] of placements.entries()) {
    const folder = folders.findLast((name) => !generic.test(name)) ?? folders.at(-1);
    const className = folder?.replace(/[_-]+/g, ' ').trim();
    if (className) listing.pairings.push({ path: images[i], texts: [className], split });
    else listing.skipped.push({ file: images[i], reason: 'it lies in no class folder' });
  }
  if (listing.pairings.length === 0) return undefined;
  if (listing.pairings.some(({ split }) => split)) listing.format += ' in folders for the splits';
  return listing;
};
