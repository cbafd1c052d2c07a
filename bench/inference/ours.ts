import * as tf from '@tensorflow/tfjs-core';
import type { ClipConfig } from '../../src/clip/config';
import { textFeatures, uploadTextTower } from '../../src/clip/textTower';
import { imageFeatures } from '../../src/clip/visionTower';
import { isVisionWeight, uploadWeights } from '../../src/clip/weights';
import { inMemory, type TensorSource } from '../../src/files/tensors';
import type { CreateTower, TowerEngine, TowerProblem } from './tower';

export const OUR_TOWERS: Record<string, CreateTower> = {
  'ours-webgpu': (problem) => createTower(problem, 'webgpu'),
  'ours-wasm': (problem) => createTower(problem, 'wasm'),
};

/** The product's towers, as evaluation and `embed` run them. */
async function createTower(
  { config, tensors, batch, input }: TowerProblem,
  backend: 'webgpu' | 'wasm',
): Promise<TowerEngine> {
  const activate = async () => {
    await tf.setBackend(backend);
  };
  await activate();
  const { features, weights } = await (input.kind === 'image'
    ? imageTower(config, inMemory(tensors), input.pixels, batch)
    : textTower(config, inMemory(tensors), input.ids));
  return {
    activate,
    async encode() {
      const tensor = tf.tidy(features);
      const values = await tensor.data<'float32'>();
      tensor.dispose();
      return values;
    },
    dispose: async () => tf.dispose(weights),
  };
}

async function imageTower(
  config: ClipConfig,
  tensors: TensorSource,
  pixels: Float32Array<ArrayBuffer>,
  batch: number,
) {
  const weights = await uploadWeights(tensors, isVisionWeight);
  const { imageSize } = config.vision;
  const features = () => imageFeatures(weights, config, tf.tensor(pixels, [batch, 3, imageSize, imageSize]));
  return { weights, features };
}

async function textTower(config: ClipConfig, tensors: TensorSource, ids: Int32Array) {
  const tower = await uploadTextTower(tensors, ids);
  return { weights: tower.weights, features: () => textFeatures(tower, config, ids) };
}
