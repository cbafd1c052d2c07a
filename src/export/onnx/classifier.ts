import type { Preprocessor } from '../../clip/preprocess';
import type { WeightPrecision } from '../precision';
import { Graph, type Value } from './graph';
import { comparedFeatures, imageFeatures, logits, type Student } from './student';

/**
 * A student as one self-contained ONNX file: `image`, uint8 [batch, size, size, 3], RGB, resized and cropped as its
 * metadata say → `logits` and `probabilities`, [batch, classes]. The class names, in order, are JSON in the metadata.
 */
export function classifierModel(student: Student): Uint8Array<ArrayBuffer> {
  const { preprocessor, classes } = student;
  const graph = new Graph();
  const answers = classLogits(graph, normalisedPixels(graph, preprocessor), student);
  const shape = ['batch', classes.length];
  graph.output('logits', answers, shape);
  graph.output('probabilities', graph.op('Softmax', [answers], { axis: 1 }), shape);
  return graph.encode({
    classes: JSON.stringify(classes),
    preprocessing: JSON.stringify({
      resize: preprocessor.resizeTo,
      resample: preprocessor.filter,
      crop: 'center',
    }),
  });
}

/** The same for Transformers.js: `pixel_values`, normalised, [batch, 3, size, size] → `logits`. */
export function imageClassificationModel(
  student: Student,
  precision: WeightPrecision,
): Uint8Array<ArrayBuffer> {
  const graph = new Graph(precision);
  const pixels = pixelValues(graph, student.preprocessor);
  graph.output('logits', classLogits(graph, pixels, student), ['batch', student.classes.length]);
  return graph.encode();
}

/** The input `pixel_values`, normalised, [batch, 3, size, size]. */
export function pixelValues(graph: Graph, { size }: Preprocessor): Value {
  return graph.input('pixel_values', 'float32', ['batch', 3, size, size]);
}

function classLogits(graph: Graph, pixels: Value, student: Student): Value {
  const W = graph.floats(student.W.data, student.W.shape);
  const u_s = imageFeatures(graph, pixels, student);
  return logits(graph, comparedFeatures(graph, u_s, student, W), W, student.s);
}

function normalisedPixels(graph: Graph, { size, mean, std }: Preprocessor): Value {
  const image = graph.toFloat(graph.input('image', 'uint8', ['batch', size, size, 3]));
  const bytes = (values: number[]) =>
    graph.floats(
      values.map((value) => 255 * value),
      [3],
    );
  const scaled = graph.op('Div', [graph.op('Sub', [image, bytes(mean)]), bytes(std)]);
  return graph.op('Transpose', [scaled], { perm: [0, 3, 1, 2] });
}
