import { utf8 } from './bytes';
import { imageFile } from './imageFiles';

/** A drop with something broken or hostile in it. */
export interface HostileCase {
  name: string;
  /** The files by their paths; a path may be one that an object would not take for a key. */
  files: [path: string, bytes: Uint8Array<ArrayBuffer>][];
  /** Paths of images that must be understood nevertheless; only the good one beside it where undefined. */
  keeps?: string[];
  /** What must be said of it, among the reasons for skipping files. */
  says?: RegExp;
  /** The sentence that refuses it all: what it is meant to be is plain, but it is wrong as a whole. */
  refused?: RegExp;
}

export const goodImage = imageFile('good.png');
export const goodCaption = 'a good picture';

/** An image with its caption, which nothing beside it may hide. */
export const goodFiles: [string, Uint8Array<ArrayBuffer>][] = [
  ['good.png', goodImage],
  ['good.txt', utf8(goodCaption)],
];

/** The good image with one file beside it. */
export function beside(
  name: string,
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  expected: Pick<HostileCase, 'keeps' | 'says'> = {},
): HostileCase {
  return { name, files: [...goodFiles, [path, bytes]], ...expected };
}
