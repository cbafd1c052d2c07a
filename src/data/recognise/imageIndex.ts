import { baseName, foldersOf, normalisePath, stemOf } from '../paths';
import { splitNamed, splitOfFile } from '../splits/splitNames';

/** A path from its end to its beginning, so that paths of the same end lie side by side when sorted. */
interface Reversed {
  text: string;
  path: string;
}

/** Finds the images that tables name, as loosely as people write paths. */
export class ImageIndex {
  private byPath?: Map<string, string>;
  private byEnd?: Reversed[];
  private byNumber?: Map<number, string[]>;

  constructor(private readonly images: readonly string[]) {}

  /**
   * The image that `name` means in a table: relative to the table's folder or to the root, or the only one whose path
   * ends so (an extension may be missing), or as the longest end of `name` that any image has: what stands before it is
   * another machine's, or a server's. Undefined where there is none, or several.
   *
   * @param split of several the one in this split's folder is meant; by default the table's own split
   */
  find(name: string, tablePath: string, split?: string): string | undefined {
    const written = this.findWritten(name, tablePath, split);
    if (written !== undefined) return written;
    // pandas writes whole numbers so where some are missing.
    if (/^\d{1,15}\.0$/.test(name)) return this.find(name.slice(0, -2), tablePath, split);
    if (/^\d{1,15}$/.test(name)) return this.findNumbered(Number(name));
    if (!/[/%\\]/.test(name)) return this.findUploaded(name, tablePath, split);
    const path = decoded(name);
    // A short word at the end, such as a class's name, is no file's name.
    return (
      this.findEnd(path, tablePath, split, /\.\w{2,5}$/.test(path) ? 1 : 2) ??
      this.findUploaded(path.slice(path.lastIndexOf('/') + 1), tablePath, split)
    );
  }

  /** Two images that are called as the last part of `name`, where more than one is. */
  namesakes(name: string): string[] {
    const wanted = keyOf(baseName(normalisePath(decoded(name)) ?? ''));
    const found = wanted === '' ? [] : [...new Set(this.ending(wanted, 3))];
    return found.length > 1 ? found.slice(0, 2) : [];
  }

  /** The only image whose name is this number with zeros before it, as COCO's are. */
  private findNumbered(number: number): string | undefined {
    this.byNumber ??= numbered(this.images);
    const [found, other] = this.byNumber.get(number) ?? [];
    return other === undefined ? found : undefined;
  }

  /** Label Studio puts eight digits before the name of a file that it is given. */
  private findUploaded(name: string, tablePath: string, split?: string): string | undefined {
    const own = name.replace(/^[\da-f]{8}-/, '');
    return own === name ? undefined : this.findWritten(own, tablePath, split);
  }

  /** The image that the longest end of a path means, of at least `least` names; its extension may be missing. */
  findEnd(path: string, tablePath: string, split?: string, least = 1): string | undefined {
    const parts = path.split(/[\\/]+/);
    for (const [i, part] of parts.slice(0, parts.length + 1 - least).entries()) {
      if (part === '' || part.endsWith(':') || part === '..') continue;
      const found = this.findWritten(parts.slice(i).join('/'), tablePath, split);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  private findWritten(name: string, tablePath: string, split?: string): string | undefined {
    this.byPath ??= new Map(this.images.map((path) => [keyOf(path), path]));
    const folder = foldersOf(tablePath).join('/');
    for (const candidate of [normalisePath(`${folder}/${name}`), normalisePath(name)]) {
      const path = candidate === undefined ? undefined : this.byPath.get(keyOf(candidate));
      if (path !== undefined) return path;
    }
    const wanted = keyOf(normalisePath(name) ?? '');
    return wanted === '' ? undefined : this.onlyOneEnding(wanted, () => split ?? splitOfFile(tablePath));
  }

  private onlyOneEnding(wanted: string, splitOf: () => string | undefined): string | undefined {
    const [match, other] = this.ending(wanted, 2);
    if (other === undefined || other === match) return match;
    const split = splitOf();
    if (split === undefined) return undefined;
    const inSplit = new Set<string>();
    for (const path of this.ending(wanted)) {
      if (foldersOf(path).some((folder) => splitNamed(folder) === split)) inSplit.add(path);
      if (inSplit.size > 1) return undefined;
    }
    return [...inSplit][0];
  }

  /** The images whose paths end in `wanted`, with or without their extensions. */
  private *ending(wanted: string, most = Number.POSITIVE_INFINITY): Generator<string> {
    this.byEnd ??= reversedPaths(this.images);
    const beginning = reversed(wanted);
    const first = firstFrom(this.byEnd, beginning);
    for (let i = first; i < Math.min(this.byEnd.length, first + most); i++) {
      if (!this.byEnd[i].text.startsWith(beginning)) return;
      yield this.byEnd[i].path;
    }
  }
}

/** The images whose names are numbers with zeros before them. */
function numbered(images: readonly string[]): Map<number, string[]> {
  const found = new Map<number, string[]>();
  for (const path of images) {
    const name = stemOf(baseName(path));
    if (/^0\d{1,14}$/.test(name)) found.set(Number(name), [...(found.get(Number(name)) ?? []), path]);
  }
  return found;
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

/** To people, and to Windows and macOS, capitals and how é is composed make no other name. */
function keyOf(path: string): string {
  return path.normalize('NFC').toLowerCase();
}

/** An address's path, without what it asks for, its %20 and the like as they are meant. */
function decoded(name: string): string {
  const path = /^[a-z]+:\/\//i.test(name) ? name.replace(/[?#].*$/, '') : name;
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
