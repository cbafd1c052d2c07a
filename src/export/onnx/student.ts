import type { ClipConfig } from '../../clip/config';
import type { Preprocessor } from '../../clip/preprocess';
import type { HostTensor, HostTensors } from '../../files/tensors';
import type { Graph, Value } from './graph';
import { imageTower } from './imageTower';
import { linear } from './tower';

/** A distilled student with what it answers. */
export interface Student {
  config: ClipConfig;
  preprocessor: Preprocessor;
  /** The image tower's tensors by their names in a checkpoint. */
  tensors: HostTensors;
  /** `projector.*`, `edu.*`, and `prompts` where there are any. */
  heads: HostTensors;
  /** Whether EduAttention takes part. */
  eduAttention: boolean;
  /** Class names in label order; empty for captions. */
  classes: string[];
  /** W, the teacher's features of the texts, [texts, d], L2-normalised. */
  W: HostTensor;
  /** s, exp(logit_scale). */
  s: number;
}

const BATCH_NORM_EPSILON = 1e-5;

/** u_s: image tower and projector, its batch norm folded into the layer before; [batch, d], L2-normalised. */
export function imageFeatures(graph: Graph, pixels: Value, { config, tensors, heads }: Student): Value {
  const x = imageTower(graph, pixels, tensors, config.vision, heads['prompts']);
  const { weight, bias } = foldBatchNorm(heads);
  const hidden = graph.op('Relu', [linear(graph, x, weight, bias)]);
  return normalised(graph, linear(graph, hidden, heads['projector.fc2.weight'], heads['projector.fc2.bias']));
}

/** f_e, what is compared with the texts: normalise(α softmax(QKᵀ/√C) V + u_s) by EduAttention over W, or u_s itself. */
export function comparedFeatures(graph: Graph, u_s: Value, student: Student, W: Value): Value {
  if (!student.eduAttention) return u_s;
  const { heads } = student;
  const apply = (name: string, x: Value) =>
    linear(graph, x, heads[`edu.${name}.weight`], heads[`edu.${name}.bias`]);
  const C = heads['edu.q.weight'].shape[0];
  const K = graph.op('Transpose', [apply('k', W)], { perm: [1, 0] });
  const scores = graph.op('Mul', [graph.op('MatMul', [apply('q', u_s), K]), graph.floats([C ** -0.5], [])]);
  const f_att = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: 1 }), apply('v', W)]);
  const alpha = graph.floats(heads['edu.alpha'].data, []);
  return normalised(graph, graph.op('Add', [graph.op('Mul', [f_att, alpha]), u_s]));
}

/** s f_e Wᵀ, [batch, texts]. */
export function logits(graph: Graph, f_e: Value, W: Value, s: number): Value {
  const similarities = graph.op('MatMul', [f_e, graph.op('Transpose', [W], { perm: [1, 0] })]);
  return graph.op('Mul', [similarities, graph.floats([s], [])]);
}

/** Rows of length 1. */
export function normalised(graph: Graph, x: Value): Value {
  const length = graph.op('ReduceL2', [x], { axes: [1], keepdims: 1 });
  return graph.op('Div', [x, graph.op('Max', [length, graph.floats([1e-12], [])])]);
}

/** fc1 and the batch norm with its running statistics, as one linear layer. */
function foldBatchNorm(heads: HostTensors): { weight: HostTensor; bias: HostTensor } {
  const part = (name: string) => heads[`projector.${name}`];
  const { shape, data } = part('fc1.weight');
  const [d, inputs] = shape;
  const scale = Float32Array.from(
    part('bn.weight').data,
    (gain, i) => gain / Math.sqrt(part('bn.running_var').data[i] + BATCH_NORM_EPSILON),
  );
  const bias = Float32Array.from(
    part('fc1.bias').data,
    (b, i) => (b - part('bn.running_mean').data[i]) * scale[i] + part('bn.bias').data[i],
  );
  const weight = Float32Array.from(data, (w, i) => w * scale[Math.floor(i / inputs)]);
  return { weight: { shape, data: weight }, bias: { shape: [d], data: bias } };
}
