import type { ClipConfig } from '../../clip/config';
import type { HostTensor, HostTensors } from '../../files/tensors';
import type { WeightPrecision } from '../precision';
import { pixelValues } from './classifier';
import { Graph, type Value } from './graph';
import { comparedFeatures, imageFeatures, logits, normalised, type Student } from './student';
import { type KnownTexts, knownTexts, textTower } from './textTower';

/** What reads texts: the teacher's text tower, or its features of certain texts. */
export type TextReader = { config: ClipConfig; tensors: HostTensors } | (KnownTexts & { W: HostTensor });

/**
 * `vision_model.onnx`: `pixel_values` → `image_embeds`, [batch, d], L2-normalised. Classes are given, so EduAttention is
 * in it; for captions it is what the projector gives.
 */
export function visionModel(student: Student, precision: WeightPrecision): Uint8Array<ArrayBuffer> {
  const { W, classes } = student;
  const graph = new Graph(precision);
  const u_s = imageFeatures(graph, pixelValues(graph, student.preprocessor), student);
  const embeds =
    classes.length > 0 ? comparedFeatures(graph, u_s, student, graph.floats(W.data, W.shape)) : u_s;
  graph.output('image_embeds', embeds, ['batch', W.shape[1]]);
  return graph.encode();
}

/** `text_model.onnx`: `input_ids`, [texts, tokens] → `text_embeds`, [texts, d], L2-normalised. */
export function textModel(
  reader: TextReader,
  d: number,
  precision: WeightPrecision,
): Uint8Array<ArrayBuffer> {
  const graph = new Graph(precision);
  graph.output('text_embeds', textFeatures(graph, reader), ['texts', d]);
  return graph.encode();
}

/** `model.onnx`: both, with EduAttention over the texts that are asked, and the `logits_per_image`, [batch, texts]. */
export function zeroShotModel(
  student: Student,
  reader: TextReader,
  precision: WeightPrecision,
): Uint8Array<ArrayBuffer> {
  const d = student.W.shape[1];
  const graph = new Graph(precision);
  const W = textFeatures(graph, reader);
  const u_s = imageFeatures(graph, pixelValues(graph, student.preprocessor), student);
  const f_e = comparedFeatures(graph, u_s, student, W);
  const perImage = logits(graph, f_e, W, student.s);
  graph.output('logits_per_image', perImage, ['batch', 'texts']);
  graph.output('logits_per_text', graph.op('Transpose', [perImage], { perm: [1, 0] }), ['texts', 'batch']);
  graph.output('text_embeds', W, ['texts', d]);
  graph.output('image_embeds', f_e, ['batch', d]);
  return graph.encode();
}

function textFeatures(graph: Graph, reader: TextReader): Value {
  const ids = graph.input('input_ids', 'int64', ['texts', 'tokens']);
  return 'ids' in reader
    ? knownTexts(graph, ids, reader, reader.W)
    : normalised(graph, textTower(graph, ids, reader.tensors, reader.config));
}
