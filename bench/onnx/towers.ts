import type { ClipConfig } from '../../src/clip/config';
import { imageTower } from '../../src/export/onnx/imageTower';
import { Tower } from '../../src/export/onnx/tower';
import { InputError } from '../../src/files/folder';
import type { HostTensors } from '../../src/files/tensors';

/** CLIP's image tower as exporters write it: `pixels` [batch, 3, size, size] → `features` [batch, projectionDim]. */
export function imageTowerModel(tensors: HostTensors, { vision, projectionDim }: ClipConfig): Uint8Array {
  const { imageSize: size } = vision;
  const { tower, features } = imageTower(tensors, vision, ({ graph }) =>
    graph.input('pixels', 'float32', ['batch', 3, size, size]),
  );
  tower.graph.output('features', features, ['batch', projectionDim]);
  return tower.graph.encode();
}

/** CLIP's text tower for texts of full length: `ids` [batch, context] → `features` [batch, projectionDim]. */
export function textTowerModel(tensors: HostTensors, { text, projectionDim }: ClipConfig): Uint8Array {
  if (!text) throw new InputError('This model has no text tower.');
  const context = text.maxPositionEmbeddings;
  const tower = new Tower(tensors, 'text_model', text);
  const { graph } = tower;
  const ids = graph.input('ids', 'int32', ['batch', context]);
  const embedded = graph.op('Gather', [tower.weight('embeddings.token_embedding.weight'), ids]);
  const placed = graph.op('Add', [embedded, tower.weight('embeddings.position_embedding.weight')]);
  const mask = { shape: [context, context], data: causalMask(context) };
  const last = graph.op('Gather', [tower.encoder(placed, { mask }), graph.integers([context - 1], [])], {
    axis: 1,
  });
  const features = tower.linear('text_projection', tower.layerNorm('final_layer_norm', last));
  graph.output('features', features, ['batch', projectionDim]);
  return graph.encode();
}

/** [context, context]: 0 where a token may look, a number that softmax turns into 0 where it may not. */
function causalMask(context: number): Float32Array {
  const mask = new Float32Array(context * context);
  for (let row = 0; row < context; row++) mask.fill(-1e9, row * context + row + 1, (row + 1) * context);
  return mask;
}
