import { type ClipConfig, completeRawConfig } from '../clip/config';
import { type Preprocessor, rawPreprocessor } from '../clip/preprocess';
import { encodeJson } from '../files/json';
import { imageClassificationModel } from './onnx/classifier';
import type { Student } from './onnx/student';
import { type TextReader, textModel, visionModel, zeroShotModel } from './onnx/zeroShot';
import { type WeightPrecision, weightPrecisions } from './precision';

/** What Transformers.js puts behind a model's name for a precision. */
const suffixes: Record<WeightPrecision, string> = { float32: '', float16: '_fp16', int8: '_quantized' };

/** What reads texts beside a student, with the teacher's configuration and tokenizer. */
export interface TextSide {
  /** Undefined where there is none: then only images can be embedded. */
  reader: TextReader | undefined;
  config: ClipConfig;
  tokenizer: Record<string, object>;
}

/**
 * The files that Transformers.js and onnxruntime take, each made when it is asked for: `onnx/` with image tower, texts and
 * both, for `pipeline('zero-shot-image-classification')`, and for classes `classifier/`, for `pipeline('image-classification')`.
 */
export function* transformersFiles(
  student: Student,
  { reader, config, tokenizer }: TextSide,
): Generator<[path: string, bytes: Uint8Array<ArrayBuffer>]> {
  const { vision } = student.config;
  const preprocessor = encodeJson(preprocessorConfig(student.preprocessor));
  const { text, projectionDim } = config;
  yield ['config.json', encodeJson(completeRawConfig({}, { vision, text, projectionDim }))];
  yield ['preprocessor_config.json', preprocessor];
  for (const [name, contents] of Object.entries(tokenizer)) yield [name, encodeJson(contents)];
  for (const precision of weightPrecisions) {
    const path = (name: string) => `onnx/${name}${suffixes[precision]}.onnx`;
    yield [path('vision_model'), visionModel(student, precision)];
    if (!reader) continue;
    yield [path('text_model'), textModel(reader, projectionDim, precision)];
    yield [path('model'), zeroShotModel(student, reader, precision)];
  }
  if (student.classes.length === 0) return;
  yield ['classifier/config.json', encodeJson(classifierConfig(student))];
  yield ['classifier/preprocessor_config.json', preprocessor];
  for (const precision of weightPrecisions)
    yield [`classifier/onnx/model${suffixes[precision]}.onnx`, imageClassificationModel(student, precision)];
}

/** Pillow's number for Lanczos' filter. */
const LANCZOS = 1;

/**
 * In Node, Transformers.js passes over most pixels of a larger image by any other filter: on the demo's pictures, bytes
 * are 7 from Pillow's bicubic on average, and by Lanczos' 1. In browsers it resizes as a canvas does whatever is said here.
 */
const preprocessorConfig = (preprocessor: Preprocessor): object => ({
  ...rawPreprocessor(preprocessor),
  resample: LANCZOS,
});

/** Of the model types that classify images, 'vit' is the one that is meant to be a plain image transformer. */
function classifierConfig({ classes, config: { vision } }: Student): object {
  return {
    model_type: 'vit',
    architectures: ['ViTForImageClassification'],
    image_size: vision.imageSize,
    patch_size: vision.patchSize,
    hidden_size: vision.hiddenSize,
    id2label: Object.fromEntries(classes.entries()),
    label2id: Object.fromEntries(classes.map((name, label) => [name, label])),
  };
}
