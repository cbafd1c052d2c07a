/** Kinds of archives that are not read, and what to do with them, by the names of their files. */
const kinds: [pattern: RegExp, reason: string][] = [
  [
    /\.(zip\.\d{3}|7z\.\d{3}|z\d\d|(zip|tar|tgz|tar\.gz)[.-]?part\w*)$/i,
    'it is one part of a split archive; join the parts and give the whole',
  ],
  [/\.(7z|rar|xz|txz|bz2|tbz2?|zst|lz4|lzma)$/i, ''],
];

/** Why an archive of another kind is not read; undefined where a file is none. */
export function foreignArchive(path: string): string | undefined {
  const [, reason] = kinds.find(([pattern]) => pattern.test(path)) ?? [];
  const ending = path.slice(path.lastIndexOf('.') + 1);
  return reason === '' ? `${ending} archives are not read; unpack it and give the folder or a zip` : reason;
}

export const lfsPointer = 'it is a Git LFS pointer, not the file itself; fetch that with git lfs pull';

/** A clone without Git LFS has such a text in the place of each large file. */
export async function isLfsPointer(file: Blob): Promise<boolean> {
  return file.size < 1024 && (await file.text()).startsWith('version https://git-lfs.github.com/spec');
}
