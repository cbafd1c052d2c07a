import type { ImportFiles } from '../archives/importFiles';
import { baseName, stemOf } from '../paths';
import { defaultPromptTemplate, fillTemplate } from '../promptTemplate';
import { splitNamed } from '../splits/splitNames';
import { sortClasses } from './labels';
import type { Listing } from './source';

/** Several drops whose paths are all distinct: one with a path that an earlier one has gets its name in front of all its paths. */
export function keepApart(parts: readonly ImportFiles[]): ImportFiles[] {
  const taken = new Set<string>();
  return parts.map((part) => {
    const paths = [...part.images, ...part.others];
    let prefix = '';
    for (let n = 1; paths.some((path) => taken.has(prefix + path)); n++) {
      prefix = n === 1 ? `${part.name}/` : `${part.name} (${n})/`;
    }
    for (const path of paths) taken.add(prefix + path);
    return prefix === '' ? part : below(part, prefix);
  });
}

function below(part: ImportFiles, prefix: string): ImportFiles {
  const inner = (path: string) => path.slice(prefix.length);
  return {
    ...part,
    images: part.images.map((path) => prefix + path),
    others: part.others.map((path) => prefix + path),
    open: (path) => part.open(inner(path)),
    read: (path) => part.read(inner(path)),
  };
}

/** The files of several drops as if they had come in one. */
export function joinFiles(parts: readonly ImportFiles[]): ImportFiles {
  if (parts.length === 1) return parts[0];
  const owners = new Map<string, ImportFiles>();
  for (const part of parts) {
    for (const path of part.images) owners.set(path, part);
    for (const path of part.others) owners.set(path, part);
  }
  const ownerOf = (path: string) => {
    const owner = owners.get(path);
    if (!owner) throw new Error('it is not there');
    return owner;
  };
  return {
    name: parts.map(({ name }) => name).join(' + '),
    images: parts.flatMap(({ images }) => images).sort(),
    others: parts.flatMap(({ others }) => others).sort(),
    hasTar: parts.some(({ hasTar }) => hasTar),
    skipped: parts.flatMap(({ skipped }) => skipped),
    open: async (path) => ownerOf(path).open(path),
    read: async (path) => ownerOf(path).read(path),
  };
}

/**
 * What was made of several drops, as one. Where only some are of classes, these become captions. Where only some have
 * splits, a drop named for a split is it, and the others are for training.
 */
export function joinListings(
  parts: readonly ImportFiles[],
  listings: readonly Listing[],
  promptTemplate?: string,
): Listing {
  const kind = listings.every((listing) => listing.kind === 'classes') ? 'classes' : 'captions';
  const template = promptTemplate ?? listings.find((listing) => listing.promptTemplate)?.promptTemplate;
  const namedSplits = parts.map(({ name }) => splitNamed(stemOf(baseName(name))));
  const hasSplits =
    namedSplits.some((split) => split !== undefined) ||
    listings.some(({ pairings }) => pairings.some(({ split }) => split !== undefined));
  const pairings = listings.flatMap((listing, i) => {
    const partSplit = namedSplits[i] ?? (hasSplits ? 'train' : undefined);
    const isPrompted = listing.kind === 'classes' && kind === 'captions';
    const fill = (name: string) => fillTemplate(template ?? defaultPromptTemplate, name);
    return listing.pairings.map((pairing) => ({
      ...pairing,
      split: pairing.split ?? partSplit,
      texts: isPrompted ? pairing.texts.map(fill) : pairing.texts,
    }));
  });
  return {
    format: [...new Set(listings.map(({ format }) => format))].join(' + '),
    why: [...new Set(listings.map(({ why }) => why))].join(' '),
    kind,
    pairings,
    classes: kind === 'classes' ? joinClasses(listings) : undefined,
    renamed: listings.find(({ renamed }) => renamed)?.renamed,
    promptTemplate: template,
    tables: listings.flatMap(({ tables = [] }) => tables),
    skipped: listings.flatMap(({ skipped }) => skipped),
    doubts: listings.flatMap(({ doubts = [] }) => doubts),
  };
}

/** All class names in label order, one drop's after the other's where any brings an order of its own. */
function joinClasses(listings: readonly Listing[]): string[] | undefined {
  if (listings.every(({ classes }) => classes === undefined)) return undefined;
  return [
    ...new Set(
      listings.flatMap(
        (listing) => listing.classes ?? sortClasses(new Set(listing.pairings.flatMap(({ texts }) => texts))),
      ),
    ),
  ];
}
