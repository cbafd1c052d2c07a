import { baseName, stemOf } from '../paths';
import { placeInSplits } from '../splits/splitNames';
import { classNamed } from './classFolders';
import { ImageIndex } from './imageIndex';
import { splitByLists } from './rows';
import type { Listing, Source } from './source';

/** A class and a number: 'cat.0', 'Abyssinian_100'. */
const numbered = /^(\p{L}[\p{L}\p{M}'_. -]*?)[._ -]*\(?\d+\)?$/u;
/** What cameras and scrapers call a picture. */
const camera =
  /^(img|image|imagen|bild|dsc[fn]?|dscn|pxl|mvimg|photo|foto|pic|picture|frame|scan|screenshot|screen shot|whatsapp image|untitled|unnamed|download|p|page|wa|vid|sample|file|ilsvrc.*|coco.*|train|val|test)$/i;

/** Images whose names are their classes with numbers behind them, as Dogs vs. Cats and the Oxford pets have them. */
export const fileNames: Source = async (files) => {
  const placements = placeInSplits(files.images);
  const listing: Listing = {
    format: "classes by the images' names",
    why: '',
    kind: 'classes',
    pairings: [],
    skipped: [],
  };
  const counts = new Map<string, number>();
  for (const [i, path] of files.images.entries()) {
    const [, name] = numbered.exec(stemOf(baseName(path))) ?? [];
    const className = name && !camera.test(name) ? classNamed(name) : undefined;
    if (className === undefined)
      listing.skipped.push({ file: path, reason: 'its name is no class and a number' });
    else {
      counts.set(className, (counts.get(className) ?? 0) + 1);
      listing.pairings.push({ path, texts: [className], split: placements[i].split });
    }
  }
  const [first] = counts.keys();
  if (counts.size < 2 || [...counts.values()].some((count) => count < 2)) return undefined;
  await splitByLists(listing, files, new ImageIndex(files.images));
  listing.why = `The images are called by their classes with numbers, such as ${first}.`;
  return listing;
};
