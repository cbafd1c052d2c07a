import { foldersOf, normalisePath, stemOf } from '../paths';

/** A path from its end to its beginning, so that paths of the same end lie side by side when sorted. */
interface Reversed {
  text: string;
  path: string;
}

/** Finds the images that tables name, as loosely as people write paths. */
export class ImageIndex {
  private byPath?: Map<string, string>;
  private byEnd?: Reversed[];

  constructor(private readonly images: readonly string[]) {}

  /**
   * The image that `name` means in a table: relative to the table's folder or to the root, or the only one whose path
   * ends so (an extension may be missing). Undefined where there is none, or several.
   */
  find(name: string, tablePath: string): string | undefined {
    this.byPath ??= new Map(this.images.map((path) => [keyOf(path), path]));
    const folder = foldersOf(tablePath).join('/');
    for (const candidate of [normalisePath(`${folder}/${name}`), normalisePath(name)]) {
      const path = candidate === undefined ? undefined : this.byPath.get(keyOf(candidate));
      if (path !== undefined) return path;
    }
    const wanted = keyOf(normalisePath(name) ?? '');
    return wanted === '' ? undefined : this.onlyOneEnding(wanted);
  }

  private onlyOneEnding(wanted: string): string | undefined {
    this.byEnd ??= reversedPaths(this.images);
    const beginning = reversed(wanted);
    const first = firstFrom(this.byEnd, beginning);
    const [match, other] = this.byEnd
      .slice(first, first + 2)
      .flatMap(({ text, path }) => (text.startsWith(beginning) ? [path] : []));
    return other === undefined || other === match ? match : undefined;
  }
}

/** All images with and without their extensions. */
function reversedPaths(images: readonly string[]): Reversed[] {
  const ends = images.flatMap((path) => {
    const key = keyOf(path);
    return [key, stemOf(key)].map((end) => ({ text: reversed(end), path }));
  });
  return ends.sort((a, b) => (a.text < b.text ? -1 : 1));
}

/** The first of these, which are sorted, that is `text` or comes behind it. */
function firstFrom(sorted: Reversed[], text: string): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle].text < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** With a slash before the path, so that only whole names match. */
function reversed(path: string): string {
  return `/${path}`.split('').reverse().join('');
}

/** Composed and decomposed letters are the same to people: macOS writes é in two parts. */
function keyOf(path: string): string {
  return path.normalize('NFC');
}
