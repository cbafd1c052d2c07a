import type { Folder } from './folder';

/** A folder of files in memory or on disk that the browser handed over, by relative path with forward slashes. */
export function blobFolder(name: string, files: ReadonlyMap<string, Blob>): Folder {
  const sorted = [...files.keys()].sort();
  return {
    name,
    paths: async () => sorted,
    open: async (path) => files.get(path),
  };
}

/** The folder that all these paths lie in (one dropped folder, an archive of one), without the slash; '' where there is none. */
export function commonFolder(paths: Iterable<string>): string {
  let common: string | undefined;
  for (const path of paths) {
    const first = path.includes('/') ? path.slice(0, path.indexOf('/')) : '';
    if (common !== undefined && common !== first) return '';
    common = first;
  }
  return common ?? '';
}

/** What lies in one folder of another, under paths that start there. */
export function subfolder(folder: Folder, path: string): Folder {
  const prefix = `${path}/`;
  return {
    name: prefix.startsWith(`${folder.name}/`) ? path : `${folder.name}/${path}`,
    paths: async () =>
      (await folder.paths()).filter((p) => p.startsWith(prefix)).map((p) => p.slice(prefix.length)),
    open: (p) => folder.open(prefix + p),
  };
}
