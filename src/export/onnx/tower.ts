import type { TowerConfig } from '../../clip/config';
import type { HostTensor, HostTensors } from '../../files/tensors';
import type { Graph, Value } from './graph';

/** Deep prompts [depth, n, width]: each layer's, from layer 1 on, take the place of the last n tokens. */
type Prompts = HostTensor;

/** The layers of a CLIP's tower, written into a graph. Any number of images or texts go through it at once. */
export class Tower {
  /** @param prefix 'vision_model' or 'text_model' */
  constructor(
    readonly graph: Graph,
    private readonly tensors: HostTensors,
    private readonly prefix: string,
    private readonly config: TowerConfig,
  ) {}

  tensor(name: string): HostTensor {
    return this.tensors[`${this.prefix}.${name}`];
  }

  layerNorm(name: string, x: Value): Value {
    const part = (kind: string) => {
      const { data, shape } = this.tensor(`${name}.${kind}`);
      return this.graph.floats(data, shape);
    };
    const inputs = [x, part('weight'), part('bias')];
    return this.graph.op('LayerNormalization', inputs, { epsilon: { float: this.config.layerNormEps } });
  }

  /** A linear layer of this tower, or of the whole model. */
  linear(name: string, x: Value): Value {
    const own = `${this.prefix}.${name}`;
    const full = `${own}.weight` in this.tensors ? own : name;
    return linear(this.graph, x, this.tensors[`${full}.weight`], this.tensors[`${full}.bias`]);
  }

  /** @param mask [tokens, tokens], added to the scores */
  encoder(x: Value, { mask, prompts }: { mask?: Value; prompts?: Prompts } = {}): Value {
    const { graph } = this;
    let hidden = x;
    for (let i = 0; i < this.config.numHiddenLayers; i++) {
      const layer = `encoder.layers.${i}`;
      if (prompts && i > 0 && i < prompts.shape[0]) hidden = this.replacePrompts(hidden, prompts, i);
      const mixed = this.attention(
        `${layer}.self_attn`,
        this.layerNorm(`${layer}.layer_norm1`, hidden),
        mask,
      );
      hidden = graph.op('Add', [hidden, mixed]);
      const wide = this.linear(`${layer}.mlp.fc1`, this.layerNorm(`${layer}.layer_norm2`, hidden));
      hidden = graph.op('Add', [hidden, this.linear(`${layer}.mlp.fc2`, this.activation(wide))]);
    }
    return hidden;
  }

  /** Attention pooling by the learnt query of `head`: x [batch, tokens, width] → [batch, width]. */
  attentionPool(head: string, x: Value): Value {
    const { graph } = this;
    const { hiddenSize: width } = this.config;
    const third = (index: number, input: Value) => {
      const [weight, bias] = ['weight', 'bias'].map((kind) => {
        const { data, shape } = this.tensor(`${head}.attention.in_proj_${kind}`);
        const size = data.length / 3;
        return { shape: [width, ...shape.slice(1)], data: data.slice(index * size, (index + 1) * size) };
      });
      return linear(graph, input, weight, bias);
    };
    const { data } = this.tensor(`${head}.probe`);
    const [query, keys, values] = [graph.floats(data, [1, 1, width]), x, x].map((input, i) =>
      third(i, input),
    );
    const mixed = this.mixed(query, keys, values, undefined);
    // In a shape, 0 keeps the size that is there.
    const flat = graph.op('Reshape', [mixed, graph.integers([0, width])]);
    const pooled = this.linear(`${head}.attention.out_proj`, flat);
    const wide = this.linear(`${head}.mlp.fc1`, this.layerNorm(`${head}.layernorm`, pooled));
    return graph.op('Add', [pooled, this.linear(`${head}.mlp.fc2`, this.activation(wide))]);
  }

  private activation(x: Value): Value {
    const { graph } = this;
    const number = (value: number) => graph.floats([value], []);
    const gated = (inner: Value) => graph.op('Mul', [x, graph.op('Sigmoid', [inner])]);
    const times = (y: Value, factor: number) => graph.op('Mul', [y, number(factor)]);
    if (this.config.hiddenAct === 'quick_gelu') return gated(times(x, 1.702));
    if (this.config.hiddenAct === 'gelu_pytorch_tanh') {
      const cube = graph.op('Mul', [x, graph.op('Mul', [x, x])]);
      // (1 + tanh(u)) / 2 is sigmoid(2 u).
      return gated(times(graph.op('Add', [x, times(cube, 0.044715)]), 2 * Math.sqrt(2 / Math.PI)));
    }
    const erf = graph.op('Erf', [graph.op('Mul', [x, number(Math.SQRT1_2)])]);
    return graph.op('Mul', [graph.op('Mul', [x, number(0.5)]), graph.op('Add', [erf, number(1)])]);
  }

  /** The prompts that stand there are cut off, the next layer's come behind. */
  private replacePrompts(x: Value, { data, shape }: Prompts, layer: number): Value {
    const { graph } = this;
    const [, n, width] = shape;
    const own = data.slice(layer * n * width, (layer + 1) * n * width);
    const kept = graph.op('Slice', [
      x,
      graph.integers([0]),
      graph.op('Sub', [graph.op('Shape', [x], { start: 1, end: 2 }), graph.integers([n])]),
      graph.integers([1]),
    ]);
    const room = graph.op('Pad', [kept, graph.integers([0, 0, 0, 0, n, 0])]);
    const behind = graph.op('Pad', [graph.floats(own, [n, width]), this.before(x, n)]);
    return graph.op('Add', [room, behind]);
  }

  /** Pads for [n, width] to as many rows as x has tokens: all of them before. */
  private before(x: Value, n: number): Value {
    const { graph } = this;
    const tokens = graph.op('Shape', [x], { start: 1, end: 2 });
    const rows = graph.op('Sub', [tokens, graph.integers([n])]);
    return graph.op('Concat', [rows, graph.integers([0, 0, 0])], { axis: 0 });
  }

  private attention(name: string, x: Value, mask: Value | undefined): Value {
    const [q, k, v] = ['q_proj', 'k_proj', 'v_proj'].map((part) => this.linear(`${name}.${part}`, x));
    return this.linear(`${name}.out_proj`, this.mixed(q, k, v, mask));
  }

  /** Multi-head attention of q [·, queries, width] over k and v [batch, tokens, width]: [batch, queries, width]. */
  private mixed(q: Value, k: Value, v: Value, mask: Value | undefined): Value {
    const { graph } = this;
    const { hiddenSize: width, numAttentionHeads: heads } = this.config;
    // In a shape, 0 keeps the size that is there.
    const split = (projected: Value, perm: number[]) =>
      graph.op(
        'Transpose',
        [graph.op('Reshape', [projected, graph.integers([0, 0, heads, width / heads])])],
        {
          perm,
        },
      );
    const scale = graph.floats([(width / heads) ** -0.5], []);
    const scaled = graph.op('Mul', [split(q, [0, 2, 1, 3]), scale]);
    let scores = graph.op('MatMul', [scaled, split(k, [0, 2, 3, 1])]);
    if (mask) scores = graph.op('Add', [scores, mask]);
    const weights = graph.op('Softmax', [scores], { axis: 3 });
    const mixed = graph.op('MatMul', [weights, split(v, [0, 2, 1, 3])]);
    const joined = graph.op('Transpose', [mixed], { perm: [0, 2, 1, 3] });
    return graph.op('Reshape', [joined, graph.integers([0, 0, width])]);
  }
}

/** x Wᵀ + b for the last axis of x; weight [out, in], bias [out]. */
export function linear(graph: Graph, x: Value, weight: HostTensor, bias?: HostTensor): Value {
  const y = graph.op('MatMul', [x, graph.turned(weight)]);
  return bias ? graph.op('Add', [y, graph.floats(bias.data, bias.shape)]) : y;
}
