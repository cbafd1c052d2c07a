import { readFile } from 'node:fs/promises';
import { InferenceSession, Tensor } from 'onnxruntime-web';
import { decodeImage } from '../src/cli/decode';
import { type Preprocessor, parsePreprocessor, preprocess } from '../src/clip/preprocess';

/** The classifier within a student's exported files, run by onnxruntime. */
export interface ExportedClassifier {
  classes: string[];
  /** Shares of the classes for the picture in a file. */
  shares(picture: string): Promise<number[]>;
  release(): Promise<void>;
}

export async function exportedClassifier(files: Record<string, Uint8Array>): Promise<ExportedClassifier> {
  const preprocessor = exportedPreprocessor(files);
  const session = await InferenceSession.create(files['classifier.onnx']);
  return {
    classes: Object.values<string>(json(files, 'classifier/config.json').id2label),
    async shares(picture) {
      const decoded = await decodeImage(new Blob([await readFile(picture)]), picture);
      const pixels = preprocess(decoded, preprocessor);
      const image = new Tensor('uint8', pixels, [1, preprocessor.size, preprocessor.size, 3]);
      const { probabilities } = await session.run({ image });
      return Array.from(probabilities.data as Float32Array);
    },
    release: () => session.release(),
  };
}

/** How the student's pictures are resized and cropped. */
export function exportedPreprocessor(files: Record<string, Uint8Array>): Preprocessor {
  const name = 'student/preprocessor_config.json';
  const raw = json(files, name);
  return parsePreprocessor(raw, raw.crop_size.width, name);
}

const json = (files: Record<string, Uint8Array>, name: string) =>
  JSON.parse(Buffer.from(files[name]).toString());
