import type { ClipConfig } from '../../src/clip/config';
import { Graph } from '../../src/export/onnx/graph';
import { imageTower } from '../../src/export/onnx/imageTower';
import { textTower } from '../../src/export/onnx/textTower';
import type { HostTensors } from '../../src/files/tensors';

/** CLIP's image tower as exporters write it: `pixels` [batch, 3, size, size] → `features` [batch, projectionDim]. */
export function imageTowerModel(tensors: HostTensors, { vision, projectionDim }: ClipConfig): Uint8Array {
  const { imageSize: size } = vision;
  const graph = new Graph();
  const pixels = graph.input('pixels', 'float32', ['batch', 3, size, size]);
  graph.output('features', imageTower(graph, pixels, tensors, vision), ['batch', projectionDim]);
  return graph.encode();
}

/** CLIP's text tower: `ids` [batch, tokens] → `features` [batch, projectionDim]. */
export function textTowerModel(tensors: HostTensors, config: ClipConfig): Uint8Array {
  const graph = new Graph();
  const ids = graph.input('ids', 'int32', ['batch', 'tokens']);
  graph.output('features', textTower(graph, ids, tensors, config), ['batch', config.projectionDim]);
  return graph.encode();
}
