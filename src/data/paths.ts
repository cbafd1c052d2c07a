const imageExtensions = /\.(png|jpe?g|jpe|pjpeg|jfif|webp|gif|avif|bmp|svg|tiff?|hei[cf])$/i;
const junk = /^(\..*|__MACOSX|@eaDir|_DS_Store|\$RECYCLE\.BIN|Thumbs\.db|desktop\.ini)$/i;

/** By its name a picture; whether it can be decoded only decoding tells. */
export function isImage(path: string): boolean {
  return imageExtensions.test(path);
}

/** Files that systems leave behind and nobody means to give: hidden ones, macOS's and Windows's caches. */
export function isJunk(path: string): boolean {
  return path.split('/').some((part) => junk.test(part));
}

/** 'b.png' of 'a/b.png'. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** The folders that a path lies in, outermost first; none at the root. */
export function foldersOf(path: string): string[] {
  return path.split('/').slice(0, -1);
}

/** The path without its last extension: 'a/b' of 'a/b.png'. */
export function stemOf(path: string): string {
  return path.replace(/\.[^./]+$/, '');
}

/** A relative path without '.', '..' and empty parts, with forward slashes; undefined where it leads out of the root. */
export function normalisePath(path: string): string | undefined {
  const parts: string[] = [];
  for (const part of path.replaceAll('\\', '/').split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') {
      parts.push(part);
    }
  }
  return parts.join('/');
}
