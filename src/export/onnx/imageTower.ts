import type { VisionConfig } from '../../clip/config';
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
  const { imageSize, patchSize: patch, hiddenSize: width } = config;
  const tower = new Tower(graph, tensors, 'vision_model', config);
  const kernel = graph.weight(tower.tensor('embeddings.patch_embedding.weight'));
  const grid = graph.op('Conv', [pixels, kernel], {
    kernel_shape: [patch, patch],
    strides: [patch, patch],
  });
  const patches = (imageSize / patch) ** 2;
  const flat = graph.op('Reshape', [grid, graph.integers([0, width, patches])]);
  const embedded = graph.op('Transpose', [flat], { perm: [0, 2, 1] });
  // Room for the class token in front and for prompts behind, filled by what is added.
  const n = prompts?.shape[1] ?? 0;
  const placed = graph.op('Add', [
    graph.op('Pad', [embedded, graph.integers([0, 1, 0, 0, n, 0])]),
    graph.floats(around(tensors, prompts), [1 + patches + n, width]),
  ]);
  const encoded = tower.encoder(tower.layerNorm('pre_layrnorm', placed), { prompts });
  const first = graph.op('Gather', [encoded, graph.integers([0], [])], { axis: 1 });
  return tower.linear('visual_projection', tower.layerNorm('post_layernorm', first));
}

/** What is added to the patches: class token and positions, and behind them layer 0's prompts: [tokens, width]. */
function around(tensors: HostTensors, prompts?: HostTensor): Float32Array {
  const classToken = tensors['vision_model.embeddings.class_embedding'].data;
  const positions = tensors['vision_model.embeddings.position_embedding.weight'].data;
  const own = prompts ? prompts.data.slice(0, prompts.shape[1] * prompts.shape[2]) : [];
  const sum = new Float32Array(positions.length + own.length);
  sum.set(positions);
  sum.set(own, positions.length);
  for (const [i, value] of classToken.entries()) sum[i] += value;
  return sum;
}
