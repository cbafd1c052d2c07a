/** A decoded picture: 8-bit RGB, interleaved, rows from the top, transparency already laid over white. */
export interface RgbImage {
  width: number;
  height: number;
  data: Uint8Array;
}

/** Decodes one file with what the platform has; throws an Error whose message is the reason for skipping it. */
export type DecodeImage = (file: Blob, path: string) => Promise<RgbImage>;

export interface DataImage {
  /** Path in the data set; what the user sees. */
  path: string;
  /** Indices into `Dataset.texts`: its class, or its captions. */
  texts: number[];
  /** 'train', 'val', 'test', or undefined where the data has no splits. */
  split?: string;
  /** The domain it comes from, such as an art style. */
  style?: string;
}

export interface Skipped {
  file: string;
  reason: string;
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
  /** The file of an image. */
  open(image: DataImage): Promise<Blob>;
}
