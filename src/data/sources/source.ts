import type { Skipped } from '../dataset';
import type { ImportFiles } from '../importFiles';

/** An image and what belongs to it: its captions, or its class name. */
export interface Pairing {
  path: string;
  texts: string[];
  split?: string;
}

/** What a source makes of some files, before the images are looked into. */
export interface Listing {
  /** The form in a few words, for the user. */
  format: string;
  /** Whether the texts are captions or class names. */
  kind: 'captions' | 'classes';
  /** In the data's own order; an image may come several times, with a text each. */
  pairings: Pairing[];
  skipped: Skipped[];
}

/**
 * One form that image-text data comes in. Answers undefined where the files are not of its form.
 * Throws InputError where they plainly are, but wrong as a whole.
 */
export type Source = (files: ImportFiles) => Promise<Listing | undefined>;
