import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import type { DataImage, Dataset } from '../dataset';
import type { DataOptions } from '../options';
import { defaultPromptTemplate, fillTemplate } from '../promptTemplate';
import { sortClasses } from './labels';
import type { Listing, Pairing } from './source';

/** Makes the data set of what was recognised, with its class names and texts as the options ask. */
export function buildDataset(files: ImportFiles, listing: Listing, options: DataOptions): Dataset {
  const promptTemplate = options.promptTemplate ?? listing.promptTemplate ?? defaultPromptTemplate;
  const pairings = mergeByImage(listing.pairings);
  const distinct = new Set(pairings.flatMap(({ texts }) => texts));
  const { classes, texts, indices } =
    listing.kind === 'classes'
      ? labelClasses(listing.classes ?? sortClasses(distinct), promptTemplate, options)
      : { classes: [], texts: [...distinct], indices: new Map([...distinct].map((text, i) => [text, i])) };
  const images: DataImage[] = pairings.map((pairing) => ({
    path: pairing.path,
    texts: [...new Set(pairing.texts.flatMap((text) => indices.get(text) ?? []))],
    split: pairing.split,
  }));
  const openers = new Map(pairings.flatMap(({ path, open }) => (open ? [[path, open] as const] : [])));
  return {
    name: files.name,
    format: listing.format,
    why: listing.why,
    doubts: [...(listing.doubts ?? [])],
    otherForms: listing.otherForms ?? [],
    renamed: listing.renamed,
    classes,
    texts,
    promptTemplate,
    images,
    tables: listing.tables ?? [],
    skipped: [...files.skipped, ...listing.skipped],
    styles: [],
    open: ({ path }) => openers.get(path)?.() ?? files.open(path),
  };
}

/**
 * Classes by their names as a person wants them; those of one name become one.
 *
 * @param read the names that were read, in label order
 */
function labelClasses(read: string[], promptTemplate: string, { classNames = {} }: DataOptions) {
  const named = read.map((name) => (Object.hasOwn(classNames, name) ? classNames[name].trim() : name));
  const empty = named.indexOf('');
  if (empty >= 0) throw new InputError(`The class “${read[empty]}” needs a name; its new one is empty.`);
  const classes = [...new Set(named)];
  const labels = new Map(classes.map((name, label) => [name, label]));
  return {
    classes,
    texts: classes.map((name) => fillTemplate(promptTemplate, name)),
    indices: new Map(read.map((name, i) => [name, labels.get(named[i]) ?? 0])),
  };
}

/** An image with two captions is one image with two texts. */
function mergeByImage(pairings: Pairing[]): Pairing[] {
  const byPath = new Map<string, Pairing>();
  for (const pairing of pairings) {
    const merged = byPath.get(pairing.path);
    if (merged) {
      // One image may have a hundred thousand texts.
      for (const text of pairing.texts) merged.texts.push(text);
      merged.split ??= pairing.split;
    } else byPath.set(pairing.path, { ...pairing, texts: [...pairing.texts] });
  }
  return [...byPath.values()];
}
