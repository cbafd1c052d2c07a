import type { RgbImage } from '../clip/image';

/** Decodes one file with what the platform has; throws an Error whose message is the reason for skipping it. */
export type DecodeImage = (file: Blob, path: string) => Promise<RgbImage>;

export interface DataImage {
  /** Path in the data set; what the user sees. */
  path: string;
  /** Indices into `Dataset.texts`: its class, or its captions. */
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
  /** Class names in label order; empty for captions. */
  classes: string[];
  /** What the towers are asked: a text per class through the prompt template, or the distinct captions in order of first appearance. */
  texts: string[];
  images: DataImage[];
  skipped: Skipped[];
  /** Where the images' domains are known; empty elsewhere. */
  styles: Style[];
  /** The file of an image. */
  open(image: DataImage): Promise<Blob>;
}
