import { InputError } from '../../files/folder';
import type { ImportFiles } from '../archives/importFiles';
import type { OtherForm, Renamed, Skipped, TableReading } from '../dataset';
import type { DataOptions } from '../options';

/** An image and what belongs to it: its captions, or its class name. */
export interface Pairing {
  path: string;
  texts: string[];
  split?: string;
  /** Its bytes, where it is no file of its own, as an image in a Parquet file. */
  open?: () => Promise<Blob>;
}

/** What a source makes of some files, before the images are looked into. */
export interface Listing {
  /** The form in a few words, for the user. */
  format: string;
  /** By what the form was recognised, in one sentence: 'metadata.csv names the images in its column file_name.' */
  why: string;
  /** Whether the texts are captions or class names. */
  kind: 'captions' | 'classes';
  /** In the data's own order; an image may come several times, with a text each. */
  pairings: Pairing[];
  /** All class names in label order, where the data lists them; else they are sorted from the pairings. */
  classes?: string[];
  /** One of the classes that go by another name than the data writes. */
  renamed?: Renamed;
  /** The data's own prompt template, with {} for the class name. */
  promptTemplate?: string;
  /** The tables that were read. */
  tables?: TableReading[];
  skipped: Skipped[];
  /** What speaks against this reading, in sentences. */
  doubts?: string[];
  /** What the files could be instead, the likeliest first. */
  otherForms?: OtherForm[];
}

/** A form's files are there, but no text is in them; another form's may be. */
export class NoTexts extends InputError {}

/**
 * One form that image-text data comes in. Answers undefined where the files are not of its form.
 * Throws InputError where they plainly are, but wrong as a whole.
 */
export type Source = (files: ImportFiles, options: DataOptions) => Promise<Listing | undefined>;
