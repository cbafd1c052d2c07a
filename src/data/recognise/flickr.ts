import { baseName } from '../paths';
import { readText } from '../text';
import { ImageIndex } from './imageIndex';
import { pairRows, type Row, skipUnnamed, splitByLists } from './rows';
import type { Listing, Source } from './source';

const tokenName = /(\.token|token\.txt)$/i;
const tokenLine = /^(.+)#\d+\t(.*)$/;

/**
 * Flickr8k and Flickr30k as they were published (Hodosh et al. 2013, Young et al. 2014): a token file with lines
 * `NAME.jpg#0<tab>CAPTION`, perhaps with lists of the splits. The tables in which they are passed on are tables.
 */
export const flickr: Source = async (files) => {
  const index = new ImageIndex(files.images);
  for (const path of files.others.filter((other) => tokenName.test(other) && !/lemma/i.test(other))) {
    const lines = (await readText(await files.open(path))).split(/\r\n|\r|\n/);
    if (!tokenLine.test(lines[0])) continue;
    const listing: Listing = {
      format: `Flickr with ${baseName(path)}`,
      why: `The lines of ${path} are image names with a number and a caption.`,
      kind: 'captions',
      pairings: [],
      skipped: [],
    };
    pairRows(listing, rowsOf(lines, path, listing), path, index);
    await splitByLists(listing, files, index);
    skipUnnamed(listing, files.images, path);
    return listing;
  }
  return undefined;
};

function rowsOf(lines: string[], path: string, { skipped }: Listing): Row[] {
  return lines.flatMap((line, i) => {
    if (line.trim() === '') return [];
    const place = `line ${i + 1}`;
    const [, image, caption] = tokenLine.exec(line) ?? [];
    if (image !== undefined) return [{ place, image, texts: caption.trim() === '' ? [] : [caption.trim()] }];
    skipped.push({ file: path, reason: `${place} is not like NAME.jpg#0, a tab and a caption` });
    return [];
  });
}
