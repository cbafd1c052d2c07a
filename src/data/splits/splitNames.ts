import { baseName, foldersOf, stemOf } from '../paths';

/** Each split by the words that people have for it, wherever they write them: folders, tables, columns, lists. */
const splitWords: Record<string, string> = {
  train: 'train training trn trainval trainlist restval',
  val: 'val valid validation validate dev development',
  test: 'test testing tst testlist eval evaluation holdout heldout pred',
};
/** What may stand beside the word in the name of a folder that is nothing but a split. */
const neutral =
  /^(\d+|[a-z]|seg|sets?|splits?|data|dataset|images?|imgs?|pictures?|photos?|jpe?gs?|folder|partial|input|resized|mini|small|full|new|final|raw|clean)$/;
const splitOfWord = new Map(
  Object.entries(splitWords).flatMap(([split, words]) => words.split(' ').map((word) => [word, split])),
);

/** The words and numbers in a name: 'val', '2017' of 'val2017'; 'train', 'Images' of 'trainImages'. */
function wordsOf(name: string): string[] {
  const spaced = name.replace(/(\p{Ll})(\p{Lu})/gu, '$1 $2').toLowerCase();
  return spaced.match(/\p{L}+|\p{N}+/gu) ?? [];
}

/** 'train', 'val' or 'test' by a name that means nothing else: 'seg_train', 'test_set', 'val2017'. */
export function splitNamed(name: string): string | undefined {
  const words = wordsOf(name);
  const splits = new Set(words.flatMap((word) => splitOfWord.get(word) ?? []));
  const isAll = words.every((word) => splitOfWord.has(word) || neutral.test(word));
  return splits.size === 1 && isAll ? [...splits][0] : undefined;
}

/** As `splitNamed`, or by the number that CelebA has for it. */
export function splitNumbered(name: string): string | undefined {
  return splitNamed(name) ?? ['train', 'val', 'test'][['0', '1', '2'].indexOf(name)];
}

/** The split that a word in a file's name means: 'train' of 'cc3m-train-0000', 'val' of 'captions_val2017'. */
export function splitInName(name: string): string | undefined {
  const splits = new Set(wordsOf(name).flatMap((word) => splitOfWord.get(word) ?? []));
  return splits.size === 1 ? [...splits][0] : undefined;
}

/** The split that a file is of: by its name, 'train' of `train-00000-of-00004.parquet`, else by the innermost folder named after one. */
export function splitOfFile(path: string): string | undefined {
  const ofFolders = foldersOf(path).map(splitNamed);
  return splitInName(stemOf(baseName(path))) ?? ofFolders.findLast((split) => split !== undefined);
}

/** Where an image lies: its split, and the folders below that, outermost first. */
export interface Placement {
  split?: string;
  folders: string[];
}

/**
 * Finds the splits in the folders of these paths. A name counts where all that lie beside it are splits' names too, or
 * wrap more such folders, as a copy of the whole within itself does, so that a class 'train' among 'car' and 'ship' stays a class. Placements are in the paths'
 * order.
 */
export function placeInSplits(paths: string[]): Placement[] {
  const all = withoutWrappers(paths.map(foldersOf));
  const childrenOf = new Map<string, Set<string>>();
  for (const folders of all)
    for (const [depth, name] of folders.entries()) {
      const above = folders.slice(0, depth).join('/');
      const children = childrenOf.get(above) ?? new Set();
      childrenOf.set(above, children.add(name));
    }
  const areSplits = (above: string): boolean => {
    const children = [...(childrenOf.get(above) ?? [])];
    const others = children.filter((name) => splitNamed(name) === undefined);
    const below = (name: string) => (above === '' ? name : `${above}/${name}`);
    return others.length < children.length && others.every((name) => areSplits(below(name)));
  };
  const splitFolders = new Set([...childrenOf.keys()].filter(areSplits));
  return all.map((folders) => place(folders, splitFolders));
}

/** The folders without those that wrap everything and are no split's. */
function withoutWrappers(all: string[][]): string[][] {
  let depth = 0;
  const isWrapper = (name?: string) =>
    name !== undefined && splitNamed(name) === undefined && all.every((folders) => folders[depth] === name);
  while (isWrapper(all[0]?.[depth])) depth++;
  return all.map((folders) => folders.slice(depth));
}

/** The split is the outermost name that is one; a folder that repeats it says nothing more. */
function place(folders: string[], splitFolders: ReadonlySet<string>): Placement {
  for (const [depth, name] of folders.entries()) {
    const split = splitFolders.has(folders.slice(0, depth).join('/')) ? splitNamed(name) : undefined;
    if (split === undefined) continue;
    const below = folders.slice(depth + 1);
    while (below.length > 0 && splitNamed(below[0]) === split) below.shift();
    return { split, folders: below };
  }
  return { folders };
}
