/** A place that files can be opened from: a URL, a disk, a drop, an archive. Bytes are read only when asked for. */
export interface FileSource {
  /** What the user calls it; error messages begin with it. */
  readonly name: string;
  /** The file at a relative path with forward slashes, or undefined where there is none. */
  open(path: string): Promise<Blob | undefined>;
}

/** A file source that also knows what is in it. */
export interface Folder extends FileSource {
  /** All files, as relative paths with forward slashes, in code point order. */
  paths(): Promise<string[]>;
}

/** Something is wrong with what the user gave us. The message says what, where, and what would be right. */
export class InputError extends Error {
  override name = 'InputError';
}

/** This machine can't do it: no adapter, out of memory. The message says what would help. */
export class MachineError extends Error {
  override name = 'MachineError';
}

/** How far a long action is: `done` of `total` in `unit`; `total` 0 where it is not known yet. */
export interface Progress {
  label: string;
  done: number;
  total: number;
  unit: string;
}

export type OnProgress = (progress: Progress) => void;
