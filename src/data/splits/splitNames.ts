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
  const isAll = words.every((word) => splitOfWord.has(word) || neutral.test(word));
  return isAll ? splitIn(words) : undefined;
}

/** What is for training and validation together is for training. */
function splitIn(words: string[]): string | undefined {
  const splits = new Set(words.flatMap((word) => splitOfWord.get(word) ?? []));
  if (splits.has('train')) splits.delete('val');
  return splits.size === 1 ? [...splits][0] : undefined;
}

/** As `splitNamed`, or by the number that CelebA has for it. */
export function splitNumbered(name: string): string | undefined {
  return splitNamed(name) ?? ['train', 'val', 'test'][['0', '1', '2'].indexOf(name)];
}

/** The split that a word in a file's name means: 'train' of 'cc3m-train-0000', 'val' of 'captions_val2017'. */
export function splitInName(name: string): string | undefined {
  return splitIn(wordsOf(name));
}

/** The split of a row by a column such as fastai's `is_valid`: of a cell that says no, what is not that split. */
export function splitFlagged(column: string, cell: string): string | undefined {
  const [, word] = /^is[ _-]?(\p{L}+)$/iu.exec(column) ?? [];
  const split = word && splitNamed(word);
  if (!split || !/^(true|false|[01])$/i.test(cell)) return undefined;
  return /^(true|1)$/i.test(cell) ? split : split === 'train' ? 'test' : 'train';
}

/**
 * The splits among folders that lie side by side: by names that mean nothing else, or by what tells apart those of one
 * name, 'signs_train' and 'signs_test', or 'signs' and 'signs-test'.
 */
function splitsAmong(names: readonly string[]): Map<string, string> {
  const splits = new Map(names.flatMap((name) => toPair(name, splitNamed(name))));
  if (splits.size > 0) return splits;
  const subjectOf = (name: string) =>
    wordsOf(name)
      .filter((word) => !splitOfWord.has(word) && !neutral.test(word))
      .join(' ');
  const named = names.flatMap((name) => toPair(name, splitInName(name)));
  const [subject, ...others] = new Set(named.map(([name]) => subjectOf(name)));
  if (!subject || others.length > 0) return splits;
  const whole = names.filter((name) => splitInName(name) === undefined && subjectOf(name) === subject);
  const found = new Map([...named, ...whole.flatMap((name) => toPair(name, 'train'))]);
  return new Set(found.values()).size > 1 ? found : splits;
}

function toPair(name: string, split: string | undefined): [string, string][] {
  return split === undefined ? [] : [[name, split]];
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
 * wrap more such folders, as a copy of the whole within itself does, so that a class 'train' among 'car' and 'ship' stays
 * a class; or where 'train' and 'test' lie side by side, whatever lies beside them. Placements are in the paths' order.
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
  const splitsOf = new Map([...childrenOf].map(([above, children]) => [above, splitsAmong([...children])]));
  const areSplits = (above: string): boolean => {
    const children = [...(childrenOf.get(above) ?? [])];
    const splits = splitsOf.get(above) ?? new Map();
    const others = children.filter((name) => !splits.has(name));
    const below = (name: string) => (above === '' ? name : `${above}/${name}`);
    const isPair = new Set(splits.values()).size > 1;
    return others.length < children.length && (isPair || others.every((name) => areSplits(below(name))));
  };
  for (const above of [...splitsOf.keys()]) if (!areSplits(above)) splitsOf.delete(above);
  return all.map((folders) => place(folders, splitsOf));
}

/** The folders without those that wrap everything and are no split's. */
function withoutWrappers(all: string[][]): string[][] {
  let depth = 0;
  const isWrapper = (name?: string) =>
    name !== undefined && splitNamed(name) === undefined && all.every((folders) => folders[depth] === name);
  while (isWrapper(all[0]?.[depth])) depth++;
  return all.map((folders) => folders.slice(depth));
}

/**
 * The split is the outermost name that is one; a folder that repeats it says nothing more. Where none lies below, the
 * folders above say what there is: 'cat/train/1.jpg'.
 */
function place(folders: string[], splitsOf: ReadonlyMap<string, Map<string, string>>): Placement {
  for (const [depth, name] of folders.entries()) {
    const split = splitsOf.get(folders.slice(0, depth).join('/'))?.get(name);
    if (split === undefined) continue;
    const below = folders.slice(depth + 1);
    while (below.length > 0 && (below[0] === name || splitNamed(below[0]) === split)) below.shift();
    return { split, folders: below.length > 0 ? below : folders.slice(0, depth) };
  }
  return { folders };
}
