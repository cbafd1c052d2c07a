import type { ClipConfig } from '../../clip/config';
import type { Preprocessor } from '../../clip/preprocess';
import type { HostTensor, HostTensors } from '../../files/tensors';
import type { Graph, Value } from './graph';
import { imageTower } from './imageTower';
import { linear, type Tower } from './tower';

/** A distilled student with what it answers. */
export interface Classifier {
  config: ClipConfig;
  preprocessor: Preprocessor;
  /** The image tower's tensors by their names in a checkpoint. */
  tensors: HostTensors;
  /** `projector.*`, `edu.*`, and `prompts` where there are any. */
  heads: HostTensors;
  /** Whether EduAttention takes part. */
  eduAttention: boolean;
  classes: string[];
  /** W, the teacher's text features of the classes, [classes, d], L2-normalised. */
  W: HostTensor;
  /** s, exp(logit_scale). */
  s: number;
}

const BATCH_NORM_EPSILON = 1e-5;

/**
 * A student as one self-contained ONNX file: `image`, uint8 [batch, size, size, 3], RGB, resized and cropped as its
 * metadata say → `logits` and `probabilities`, [batch, classes]. The class names, in order, are JSON in the metadata.
 */
export function classifierModel(student: Classifier): Uint8Array<ArrayBuffer> {
  const { config, preprocessor, tensors, heads, classes, W, s } = student;
  const { tower, features } = imageTower(
    tensors,
    config.vision,
    (own) => normalisedPixels(own, preprocessor),
    heads['prompts'],
  );
  const { graph } = tower;
  const u_s = project(graph, features, heads);
  const f_e = student.eduAttention ? attend(graph, u_s, heads, W) : u_s;
  const similarities = linear(graph, f_e, W);
  const logits = graph.op('Mul', [similarities, graph.floats([s], [])]);
  const shape = ['batch', classes.length];
  graph.output('logits', logits, shape);
  graph.output('probabilities', graph.op('Softmax', [logits], { axis: 1 }), shape);
  return graph.encode({
    classes: JSON.stringify(classes),
    preprocessing: JSON.stringify({ resize: preprocessor.resizeTo, resample: 'bicubic', crop: 'center' }),
  });
}

function normalisedPixels({ graph }: Tower, { size, mean, std }: Preprocessor): Value {
  const image = graph.toFloat(graph.input('image', 'uint8', ['batch', size, size, 3]));
  const bytes = (values: number[]) =>
    graph.floats(
      values.map((value) => 255 * value),
      [3],
    );
  const normalised = graph.op('Div', [graph.op('Sub', [image, bytes(mean)]), bytes(std)]);
  return graph.op('Transpose', [normalised], { perm: [0, 3, 1, 2] });
}

/** The projector P, its batch norm folded into the layer before, then L2 normalisation: [batch, d]. */
function project(graph: Graph, x: Value, heads: HostTensors): Value {
  const { weight, bias } = foldBatchNorm(heads);
  const hidden = graph.op('Relu', [linear(graph, x, weight, bias)]);
  return normalised(graph, linear(graph, hidden, heads['projector.fc2.weight'], heads['projector.fc2.bias']));
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

/** EduAttention: normalise(α softmax(QKᵀ/√C) V + u_s), over W. */
function attend(graph: Graph, u_s: Value, heads: HostTensors, W: HostTensor): Value {
  const apply = (name: string, x: Value) =>
    linear(graph, x, heads[`edu.${name}.weight`], heads[`edu.${name}.bias`]);
  const texts = graph.floats(W.data, W.shape);
  const C = heads['edu.q.weight'].shape[0];
  const K = graph.op('Transpose', [apply('k', texts)], { perm: [1, 0] });
  const scores = graph.op('Mul', [graph.op('MatMul', [apply('q', u_s), K]), graph.floats([C ** -0.5], [])]);
  const f_att = graph.op('MatMul', [graph.op('Softmax', [scores], { axis: 1 }), apply('v', texts)]);
  const alpha = graph.floats(heads['edu.alpha'].data, []);
  return normalised(graph, graph.op('Add', [graph.op('Mul', [f_att, alpha]), u_s]));
}

function normalised(graph: Graph, x: Value): Value {
  const length = graph.op('ReduceL2', [x], { axes: [1], keepdims: 1 });
  return graph.op('Div', [x, graph.op('Max', [length, graph.floats([1e-12], [])])]);
}
