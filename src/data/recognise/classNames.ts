import { z } from 'zod';
import type { ImportFiles } from '../archives/importFiles';
import { baseName } from '../paths';
import { readText } from '../text';
import { isReadable } from './columnContent';
import type { Listing } from './source';

/** What files of class names are called by: `classnames.txt`, `cat_to_name.json`, `LOC_synset_mapping.txt`, `class-descriptions.csv`. */
const namesFile = /(class|label|categor|synset|words|wnid|name|species|breed|idx)[^/]*\.(txt|json|csv|tsv)$/i;
/** Longer ones are tables of images. */
const maxBytes = 2 ** 22;

/**
 * Gives classes that are codes or numbers the names that a file has for all of them, such as `cat_to_name.json` or
 * `classnames.txt`.
 */
export async function nameCodes(listing: Listing, { others, open }: ImportFiles): Promise<Listing> {
  if (listing.kind !== 'classes' || listing.classes) return listing;
  const codes = [...new Set(listing.pairings.flatMap(({ texts }) => texts))];
  const ofImages = new Set(listing.tables?.map(({ path }) => path));
  for (const path of others.filter((other) => namesFile.test(baseName(other)) && !ofImages.has(other))) {
    const file = await open(path);
    if (file.size > maxBytes) continue;
    const names = parseNames(await readText(file), path, codes);
    const nameOf = (code: string) => names.get(code) ?? names.get(code.replace(/^class /, ''));
    const named = codes.flatMap((code) => nameOf(code) ?? []);
    if (named.length < codes.length || new Set(named).size < codes.length) continue;
    if (!named.every(isReadable) || named.every((name, i) => name === codes[i])) continue;
    return {
      ...listing,
      renamed: { from: codes[0], to: named[0] },
      why: `${listing.why} ${path} names the classes: ${codes[0]} is ${named[0]}.`,
      pairings: listing.pairings.map((pairing) => ({
        ...pairing,
        texts: pairing.texts.flatMap((text) => nameOf(text) ?? []),
      })),
    };
  }
  return listing;
}

/** Names by code: JSON, lines `CODE name`, or a name a line, by its number: from 1 where the codes are the numbers from 1 on. */
function parseNames(text: string, path: string, codes: string[]): Map<string, string> {
  if (/\.json$/i.test(path)) return parseJsonNames(text);
  const names = withoutHeading(text.split(/\r\n|\r|\n/).map((line) => line.trim()));
  const coded = /\.(csv|tsv)$/i.test(path)
    ? names.map((line) => /^"?([^,;\t"]+)"?[,;\t]"?([^,;\t"]+)"?$/.exec(line))
    : names.map((line) => /^(n?\d+)[\s,:]+(.+)$/.exec(line) ?? /^(\S.*?)\s+(\d+)$/.exec(line));
  const numbers = codes.map((code) => Number(code.replace(/^class /, '')));
  const first = Math.min(...numbers) >= 1 && Math.max(...numbers) === names.length ? 1 : 0;
  const byLine = (all: string[]) =>
    all.map((name, i): [string, string] => [String(i + first), readable(name)]);
  if (!coded.every((match) => match !== null)) return new Map(byLine(names));
  const pairs = coded.map(([, code, name]): [string, string] =>
    /^\d+$/.test(name) ? [name, readable(code)] : [code, readable(name)],
  );
  const byCode = new Map(pairs);
  // Of WordNet's codes the number of the line is a class's number, too; a number that comes again is none.
  return new Map([...byLine(pairs.map(([, name]) => name)), ...(byCode.size === pairs.length ? byCode : [])]);
}

/** The lines with something in them, without the count of all that some lists begin with, and the heading behind it. */
function withoutHeading(lines: string[]): string[] {
  const names = lines.filter((line) => line !== '');
  const after = names.length - Number(names[0]);
  return after === 1 || after === 2 ? names.slice(after) : names;
}

const jsonNames = z.union([
  z.array(z.string()).transform((names) => names.map((name, i) => [String(i), name])),
  z.record(z.string(), z.string()).transform((names) => Object.entries(names)),
  // As Keras has ImageNet's: {"0": ["n01440764", "tench"]}.
  z.record(z.string(), z.tuple([z.string(), z.string()])).transform((names) =>
    Object.entries(names).flatMap(([number, [code, name]]) => [
      [number, name],
      [code, name],
    ]),
  ),
  z
    .record(z.string(), z.int())
    .transform((numbers) => Object.entries(numbers).map(([name, i]) => [String(i), name])),
]);

function parseJsonNames(text: string): Map<string, string> {
  try {
    const names = jsonNames.safeParse(JSON.parse(text)).data ?? [];
    return new Map(names.map(([code, name]) => [code, readable(name)]));
  } catch {
    return new Map();
  }
}

/** Class names as people write them, 'sea otter' for 'sea_otter', whatever they were read from. */
export function withBlanks(listing: Listing): Listing {
  if (listing.kind !== 'classes') return listing;
  return {
    ...listing,
    classes: listing.classes && [...new Set(listing.classes.map(readable))],
    pairings: listing.pairings.map((pairing) => ({ ...pairing, texts: pairing.texts.map(readable) })),
  };
}

/** Places have paths for names, '/a/airplane_cabin'. */
function readable(name: string): string {
  const words = name.replace(/^\/\p{L}\/(?=.)/u, '').replaceAll('/', name.startsWith('/') ? ' ' : '/');
  return words.replace(/_+/g, ' ').trim() || name;
}
