import { z } from 'zod';
import type { ImportFiles } from '../archives/importFiles';
import { baseName } from '../paths';
import { readText } from '../text';
import type { Listing } from './source';

const namesFile =
  /^(class_?names?|classes|labels?|words|synsets?|wnids|label_?map|cat_to_name|categories)[^/]*\.(txt|json)$/i;
const byCode = z.record(z.string(), z.string());

/** Gives classes that are codes or numbers the names that a file such as `cat_to_name.json` or `classnames.txt` has for all of them. */
export async function nameCodes(listing: Listing, { others, open }: ImportFiles): Promise<Listing> {
  if (listing.kind !== 'classes' || listing.classes) return listing;
  const codes = new Set(listing.pairings.flatMap(({ texts }) => texts));
  for (const path of others.filter((other) => namesFile.test(baseName(other)))) {
    const names = parseNames(await readText(await open(path)), path);
    const nameOf = (code: string) => names.get(code) ?? names.get(code.replace(/^class /, ''));
    if (![...codes].every(nameOf)) continue;
    const named = [...codes].map(nameOf);
    if (new Set(named).size < codes.size) continue;
    const [code] = codes;
    return {
      ...listing,
      why: `${listing.why} ${path} names the classes: ${code} is ${nameOf(code)}.`,
      pairings: listing.pairings.map((pairing) => ({
        ...pairing,
        texts: pairing.texts.flatMap((text) => nameOf(text) ?? []),
      })),
    };
  }
  return listing;
}

/** Names by code: a JSON object, lines `CODE name`, or a name a line, by its number from 0 on. */
function parseNames(text: string, path: string): Map<string, string> {
  if (/\.json$/i.test(path)) {
    try {
      return new Map(Object.entries(byCode.safeParse(JSON.parse(text)).data ?? {}));
    } catch {
      return new Map();
    }
  }
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  const names = lines.filter((line) => line !== '');
  const coded = names.map((line) => /^(n?\d+)[\s,:]+(.+)$/.exec(line));
  if (coded.every((match) => match !== null))
    return new Map(coded.map(([, code, name]) => [code, name.replaceAll('_', ' ')]));
  return new Map(names.map((name, i) => [String(i), name.replaceAll('_', ' ')]));
}
