import type { ClipConfig, TowerConfig } from '../../src/clip/config';
import { InputError } from '../../src/files/folder';
import type { HostTensors } from '../../src/files/tensors';
import { Graph, type Value } from './graph';

/** CLIP's image tower as exporters write it: `pixels` [batch, 3, size, size] → `features` [batch, projectionDim]. */
export function imageTowerModel(
  tensors: HostTensors,
  { vision, projectionDim }: ClipConfig,
  batch: number,
): Uint8Array {
  const { imageSize: size, patchSize: patch, hiddenSize: width, layerNormEps } = vision;
  const tower = new Tower(tensors, 'vision_model', layerNormEps);
  const { graph } = tower;
  const pixels = graph.input('pixels', 'float32', [batch, 3, size, size]);
  const kernel = tower.weight('embeddings.patch_embedding.weight');
  const grid = graph.op('Conv', [pixels, kernel], { kernel_shape: [patch, patch], strides: [patch, patch] });
  const patches = (size / patch) ** 2;
  const flat = graph.op('Reshape', [grid, graph.integers([batch, width, patches])]);
  const embedded = graph.op('Transpose', [flat], { perm: [0, 2, 1] });
  const classToken = graph.op('Expand', [
    tower.weight('embeddings.class_embedding'),
    graph.integers([batch, 1, width]),
  ]);
  const tokens = graph.op('Concat', [classToken, embedded], { axis: 1 });
  const placed = graph.op('Add', [tokens, tower.weight('embeddings.position_embedding.weight')]);
  const normed = tower.layerNorm('pre_layrnorm', placed);
  const encoded = tower.encoder(normed, vision, batch, patches + 1);
  const first = graph.op('Gather', [encoded, graph.integers([0], [])], { axis: 1 });
  const features = tower.linear('visual_projection', tower.layerNorm('post_layernorm', first));
  graph.output('features', features, [batch, projectionDim]);
  return graph.encode();
}

/** CLIP's text tower for texts of full length: `ids` [batch, context] → `features` [batch, projectionDim]. */
export function textTowerModel(
  tensors: HostTensors,
  { text, projectionDim }: ClipConfig,
  batch: number,
): Uint8Array {
  if (!text) throw new InputError('This model has no text tower.');
  const context = text.maxPositionEmbeddings;
  const tower = new Tower(tensors, 'text_model', text.layerNormEps);
  const { graph } = tower;
  const ids = graph.input('ids', 'int32', [batch, context]);
  const embedded = graph.op('Gather', [tower.weight('embeddings.token_embedding.weight'), ids]);
  const placed = graph.op('Add', [embedded, tower.weight('embeddings.position_embedding.weight')]);
  const encoded = tower.encoder(placed, text, batch, context, causalMask(context));
  const last = graph.op('Gather', [encoded, graph.integers([context - 1], [])], { axis: 1 });
  const features = tower.linear('text_projection', tower.layerNorm('final_layer_norm', last));
  graph.output('features', features, [batch, projectionDim]);
  return graph.encode();
}

/** [context, context]: 0 where a token may look, a number that softmax turns into 0 where it may not. */
function causalMask(context: number): Float32Array {
  const mask = new Float32Array(context * context);
  for (let row = 0; row < context; row++) mask.fill(-1e9, row * context + row + 1, (row + 1) * context);
  return mask;
}

/** The layers of a tower, written into a graph. */
class Tower {
  readonly graph = new Graph();

  constructor(
    private readonly tensors: HostTensors,
    private readonly prefix: string,
    private readonly epsilon: number,
  ) {}

  /** A tensor of this tower, or of the model. */
  weight(name: string): Value {
    const { data, shape } = this.tensors[`${this.prefix}.${name}`];
    return this.graph.floats(data, shape);
  }

  layerNorm(name: string, x: Value): Value {
    const inputs = [x, this.weight(`${name}.weight`), this.weight(`${name}.bias`)];
    return this.graph.op('LayerNormalization', inputs, { epsilon: { float: this.epsilon } });
  }

  linear(name: string, x: Value): Value {
    const own = `${this.prefix}.${name}`;
    const full = `${own}.weight` in this.tensors ? own : name;
    const { data, shape } = this.tensors[`${full}.weight`];
    const [out, inner] = shape;
    const y = this.graph.op('MatMul', [x, this.graph.floats(transposed(data, out, inner), [inner, out])]);
    const bias = this.tensors[`${full}.bias`];
    return bias ? this.graph.op('Add', [y, this.graph.floats(bias.data, bias.shape)]) : y;
  }

  encoder(x: Value, config: TowerConfig, batch: number, tokens: number, mask?: Float32Array): Value {
    const { graph } = this;
    const scale = graph.floats([1.702], []);
    let hidden = x;
    for (let i = 0; i < config.numHiddenLayers; i++) {
      const layer = `encoder.layers.${i}`;
      const normed = this.layerNorm(`${layer}.layer_norm1`, hidden);
      const mixed = this.attention(`${layer}.self_attn`, normed, config, [batch, tokens], mask);
      hidden = graph.op('Add', [hidden, mixed]);
      const wide = this.linear(`${layer}.mlp.fc1`, this.layerNorm(`${layer}.layer_norm2`, hidden));
      const gate = graph.op('Sigmoid', [graph.op('Mul', [wide, scale])]);
      hidden = graph.op('Add', [hidden, this.linear(`${layer}.mlp.fc2`, graph.op('Mul', [wide, gate]))]);
    }
    return hidden;
  }

  private attention(
    name: string,
    x: Value,
    { hiddenSize: width, numAttentionHeads: heads }: TowerConfig,
    [batch, tokens]: [number, number],
    mask: Float32Array | undefined,
  ): Value {
    const { graph } = this;
    const split = (projection: string, perm: number[]) => {
      const shape = graph.integers([batch, tokens, heads, width / heads]);
      return graph.op('Transpose', [graph.op('Reshape', [this.linear(`${name}.${projection}`, x), shape])], {
        perm,
      });
    };
    const scale = graph.floats([(width / heads) ** -0.5], []);
    const q = graph.op('Mul', [split('q_proj', [0, 2, 1, 3]), scale]);
    let scores = graph.op('MatMul', [q, split('k_proj', [0, 2, 3, 1])]);
    if (mask) scores = graph.op('Add', [scores, graph.floats(mask, [tokens, tokens])]);
    const weights = graph.op('Softmax', [scores], { axis: 3 });
    const mixed = graph.op('MatMul', [weights, split('v_proj', [0, 2, 1, 3])]);
    const joined = graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return this.linear(
      `${name}.out_proj`,
      graph.op('Reshape', [joined, graph.integers([batch, tokens, width])]),
    );
  }
}

/** [out, in] → [in, out]. */
function transposed(data: ArrayLike<number>, out: number, inner: number): Float32Array {
  const result = new Float32Array(data.length);
  for (let row = 0; row < out; row++)
    for (let column = 0; column < inner; column++) result[column * out + row] = data[row * inner + column];
  return result;
}
