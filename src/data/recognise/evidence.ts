import { plural } from '../../files/count';
import { foldersOf } from '../paths';
import { splitInName } from '../splits/splitNames';
import { excerpt } from '../text';
import { isReadable } from './columnContent';
import { foldsOf } from './folds';
import type { Listing } from './source';

/** Something that speaks against a reading, as a sentence, and how much, in the measure of `Form.trust`. */
export interface Doubt {
  says: string;
  weight: number;
}

const looked = 1000;
/** What names classes of numbers and codes, for those who see a doubt. */
const wanted = '; a file classnames.txt beside them, with a line “CODE NAME” for each, would name them';
const nameable = /^n?\d+$/;
const numbered = /^class \d+$/;

/**
 * What speaks against a reading of these images: images that it passes over, texts that say nothing to a reader, images
 * for testing that it trains on, classes that tell nothing apart.
 */
export function doubtsAbout(listing: Listing, images: readonly string[]): Doubt[] {
  return [
    ...aboutCoverage(listing, images),
    ...aboutTexts(listing),
    ...aboutTesting(listing),
    ...aboutClasses(listing),
    ...aboutFolds(listing),
  ];
}

function aboutCoverage({ pairings }: Listing, images: readonly string[]): Doubt[] {
  const paired = new Set(pairings.map(({ path }) => path));
  const left = images.filter((path) => !paired.has(path));
  if (left.length === 0) return [];
  const says = `${left.length} of ${images.length} images ${left.length === 1 ? 'has' : 'have'} no text by it, such as ${left[0]}.`;
  return [{ says, weight: left.length / images.length }];
}

/** Of many texts so many, spread evenly. */
function someOf(texts: readonly string[]): string[] {
  const count = Math.min(looked, texts.length);
  return Array.from({ length: count }, (_, i) => texts[Math.floor((i * texts.length) / count)]);
}

function aboutTexts({ kind, classes, pairings }: Listing): Doubt[] {
  const all = [...new Set(classes ?? pairings.flatMap(({ texts }) => texts))];
  if (all.length === 0) return [];
  if (kind === 'classes' && all.every((text) => numbered.test(text)))
    return [{ says: `Its ${all.length} classes are numbers without names${wanted}.`, weight: 2.2 }];
  const flag = all.find((text) => all.length === 2 && all.includes(`not ${text}`));
  if (kind === 'classes' && flag)
    return [{ says: `Its classes are nothing but “${flag}” and “not ${flag}”.`, weight: 1.2 }];
  if (kind === 'captions' && all.length === 1 && pairings.length > 1)
    return [{ says: `All captions are the same, “${excerpt(all[0])}”.`, weight: 1 }];
  const texts = someOf(all);
  const odd = texts.filter((text) => !isReadable(text));
  if (odd.length === 0) return [];
  const [what, of] = kind === 'classes' ? ['class names', ''] : ['captions', ' looked at'];
  const says = `${odd.length} of ${texts.length} ${what}${of} are numbers, codes, addresses or names of files, such as “${excerpt(odd[0])}”${kind === 'classes' && nameable.test(odd[0]) ? wanted : ''}.`;
  return [{ says, weight: (2 * odd.length) / texts.length }];
}

/** Images that lie in what is named for testing are not to be trained on. */
function aboutTesting({ pairings }: Listing): Doubt[] {
  const hasTrain = pairings.some(({ split }) => split === 'train');
  const isTrained = (split?: string) => split === 'train' || (!hasTrain && split === undefined);
  const ofFolder = new Map<string, boolean>();
  const isForTesting = (path: string) => {
    const folders = foldersOf(path);
    const key = folders.join('/');
    const known = ofFolder.get(key) ?? folders.some((folder) => splitInName(folder) === 'test');
    ofFolder.set(key, known);
    return known;
  };
  const wrong = pairings.filter(({ path, split }) => isTrained(split) && isForTesting(path));
  if (wrong.length === 0) return [];
  const says = `${plural(wrong.length, 'image')} to train on ${wrong.length === 1 ? 'lies' : 'lie'} in folders named for testing, such as ${wrong[0].path}.`;
  return [{ says, weight: 1 + wrong.length / pairings.length }];
}

function aboutClasses({ kind, pairings }: Listing): Doubt[] {
  if (kind !== 'classes') return [];
  const counts = new Map<string, number>();
  for (const { texts } of pairings) for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [only] = counts.keys();
  if (counts.size === 1) return [{ says: `There is one class alone, ${excerpt(only)}.`, weight: 0.5 }];
  const isEachAlone = pairings.length > 3 && [...counts.values()].every((count) => count === 1);
  if (isEachAlone) return [{ says: 'No class has two images.', weight: 0.5 }];
  const several = imagesOfSeveral(pairings);
  const says = `${several} of ${new Set(pairings.map(({ path }) => path)).size} images are of several classes; each counts.`;
  return several > 0 ? [{ says, weight: 0 }] : [];
}

function aboutFolds(listing: Listing): Doubt[] {
  const folds = foldsOf(listing);
  return folds ? [{ says: `The data has folds, by ${folds}, which are taken together.`, weight: 0 }] : [];
}

function imagesOfSeveral(pairings: Listing['pairings']): number {
  const textsOf = new Map<string, Set<string>>();
  for (const { path, texts } of pairings) {
    const all = textsOf.get(path) ?? new Set();
    textsOf.set(path, all);
    for (const text of texts) all.add(text);
  }
  return [...textsOf.values()].filter(({ size }) => size > 1).length;
}
