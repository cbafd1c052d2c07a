import type { RgbImage } from '../clip/image';
import type { Columns } from './options';

/** Decodes one file with what the platform has; throws an Error whose message is the reason for skipping it. */
export type DecodeImage = (file: Blob, path: string) => Promise<RgbImage>;

/** What looking into an image's file tells without keeping its pixels. */
export interface ImageFacts {
  width: number;
  height: number;
  /** Perceptual hash, 16 hexadecimal digits: images that look alike differ in few of its 64 bits; all zeros say nothing. */
  hash: string;
  /** Mean colours of 4 × 4 parts, RGB, 48 numbers. */
  colours: Uint8Array;
}

/** Looks into one image file with what the platform has; throws an Error whose message is the reason for skipping it. */
export type ExamineImage = (file: Blob, path: string) => Promise<ImageFacts>;

export interface DataImage {
  /** Path in the data set; what the user sees. */
  path: string;
  /** Indices into `Dataset.texts`: its class, or its captions; none where it is unlabelled. */
  texts: number[];
  /** 'train', 'val', 'test', or undefined where the data has no splits. */
  split?: string;
  /** Id of the domain it comes from, an entry of `Dataset.styles`. */
  style?: string;
}

export interface Skipped {
  file: string;
  reason: string;
}

/** A table as it was read. */
export interface TableReading {
  path: string;
  columns: string[];
  chosen: Columns;
  /** The first rows, a text for each column. */
  rows: string[][];
}

/** A form that the data could be read as instead. */
export interface OtherForm {
  /** For `DataOptions.form`. */
  name: string;
  /** What people call it. */
  format: string;
}

/** A class name as it is written, a code for instance, and the one that it was given. */
export interface Renamed {
  from: string;
  to: string;
}

/** One domain of the images, such as an art style, and whose work it is. */
export interface Style {
  id: string;
  name: string;
  author: string;
  licence: string;
  url: string;
  /** Kept from training, to test on what the models have not seen. */
  heldOut: boolean;
}

/** Image-text data as an importer understood it. */
export interface Dataset {
  name: string;
  /** What was recognised, in a few words: 'ImageFolder with metadata.csv', 'a folder per class'. */
  format: string;
  /** By what it was recognised, in one sentence. */
  why: string;
  /** What speaks against this reading, in sentences. */
  doubts: string[];
  /** What the data could be read as instead, the likeliest first. */
  otherForms: OtherForm[];
  /** One of the classes that go by another name than the data writes, where there is one. */
  renamed?: Renamed;
  /** Class names in label order; empty for captions. */
  classes: string[];
  /** What the towers are asked: a text per class through the prompt template, or the distinct captions in order of first appearance. */
  texts: string[];
  /** What class names became texts by; of no meaning for captions. */
  promptTemplate: string;
  images: DataImage[];
  /** The tables that were read, for their columns to be chosen again. */
  tables: TableReading[];
  skipped: Skipped[];
  /** Where the images' domains are known; empty elsewhere. */
  styles: Style[];
  /** The file of an image; throws an Error whose message is the reason where it can't be opened. */
  open(image: DataImage): Promise<Blob>;
}
