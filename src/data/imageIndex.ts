import { baseName, foldersOf, normalisePath, stemOf } from './paths';

/** Finds the images that tables name, as loosely as people write paths. */
export class ImageIndex {
  private readonly byPath = new Map<string, string>();
  /** Images by their file name, with and without extension. */
  private readonly byName = new Map<string, Set<string>>();

  constructor(images: string[]) {
    for (const path of images) {
      const key = keyOf(path);
      this.byPath.set(key, path);
      for (const name of [baseName(key), baseName(stemOf(key))]) {
        this.byName.set(name, (this.byName.get(name) ?? new Set()).add(path));
      }
    }
  }

  /**
   * The image that `name` means in a table: relative to the table's folder or to the root, or the only one whose path
   * ends so (an extension may be missing). Undefined where there is none, or several.
   */
  find(name: string, tablePath: string): string | undefined {
    const folder = foldersOf(tablePath).join('/');
    for (const candidate of [normalisePath(`${folder}/${name}`), normalisePath(name)]) {
      const path = candidate === undefined ? undefined : this.byPath.get(keyOf(candidate));
      if (path !== undefined) return path;
    }
    const wanted = keyOf(normalisePath(name) ?? '');
    if (wanted === '') return undefined;
    const matches = [...(this.byName.get(baseName(wanted)) ?? [])].filter((path) => {
      const key = `/${keyOf(path)}`;
      return key.endsWith(`/${wanted}`) || stemOf(key).endsWith(`/${wanted}`);
    });
    return matches.length === 1 ? matches[0] : undefined;
  }
}

/** Composed and decomposed letters are the same to people: macOS writes é in two parts. */
function keyOf(path: string): string {
  return path.normalize('NFC');
}
