import type { FileSource } from './folder';

/** A source of which these files are asked for at once, in this order, before anybody opens them; they stay in memory. */
export function prefetched(source: FileSource, paths: string[]): FileSource {
  const coming = new Map(
    paths.map((path) => {
      const file = source.open(path);
      // Whoever opens it then tries again.
      file.catch(() => coming.delete(path));
      return [path, file];
    }),
  );
  return { name: source.name, open: (path) => coming.get(path) ?? source.open(path) };
}
