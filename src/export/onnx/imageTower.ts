import type { VisionConfig } from '../../clip/config';
import { tokenCount } from '../../clip/shapes';
import type { HostTensor, HostTensors } from '../../files/tensors';
import type { Graph, Value } from './graph';
import { Tower } from './tower';

/**
 * CLIP's image tower f_I in a graph.
 *
 * @param pixels normalised, [batch, 3, size, size]
 * @param prompts deep visual prompts [depth, n, width]
 * @returns features, [batch, projectionDim], not normalised
 */
export function imageTower(
  graph: Graph,
  pixels: Value,
  tensors: HostTensors,
  config: VisionConfig,
  prompts?: HostTensor,
): Value {
  const { patchSize: patch, hiddenSize: width, form } = config;
  const tower = new Tower(graph, tensors, 'vision_model', config);
  const kernel = graph.weight(tower.tensor('embeddings.patch_embedding.weight'));
  const grid = graph.op('Conv', [pixels, kernel], {
    kernel_shape: [patch, patch],
    strides: [patch, patch],
  });
  const tokens = tokenCount(config);
  const before = form.hasClassToken ? 1 : 0;
  const patches = tokens - before;
  const flat = graph.op('Reshape', [grid, graph.integers([0, width, patches])]);
  const embedded = graph.op('Transpose', [flat], { perm: [0, 2, 1] });
  // Room for the class token in front and for prompts behind, filled by what is added.
  const n = prompts?.shape[1] ?? 0;
  const placed = graph.op('Add', [
    graph.op('Pad', [embedded, graph.integers([0, before, 0, 0, n, 0])]),
    graph.floats(around(tensors, config, prompts), [tokens + n, width]),
  ]);
  const start = form.hasPreNorm ? tower.layerNorm('pre_layrnorm', placed) : placed;
  const encoded = tower.encoder(start, { prompts });
  if (form.pooling === 'attention')
    return tower.attentionPool('head', tower.layerNorm('post_layernorm', encoded));
  const first = graph.op('Gather', [encoded, graph.integers([0], [])], { axis: 1 });
  return tower.linear('visual_projection', tower.layerNorm('post_layernorm', first));
}

/**
 * What is added to the patches: positions, the class token to the first of them, the patches' bias to all others, and
 * behind them layer 0's prompts: [tokens + n, width].
 */
function around(
  tensors: HostTensors,
  { form, hiddenSize: width }: VisionConfig,
  prompts?: HostTensor,
): Float32Array {
  const embedding = (name: string) => tensors[`vision_model.embeddings.${name}`].data;
  const positions = embedding('position_embedding.weight');
  const own = prompts ? prompts.data.slice(0, prompts.shape[1] * prompts.shape[2]) : [];
  const sum = new Float32Array(positions.length + own.length);
  sum.set(positions);
  sum.set(own, positions.length);
  if (form.hasClassToken) for (const [i, value] of embedding('class_embedding').entries()) sum[i] += value;
  if (form.hasPatchBias) {
    const bias = embedding('patch_embedding.bias');
    for (let i = form.hasClassToken ? width : 0; i < positions.length; i++) sum[i] += bias[i % width];
  }
  return sum;
}
