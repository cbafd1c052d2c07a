import * as tf from '@tensorflow/tfjs-core';
import { textFeatures } from '../../src/clip/textTower';
import { imageFeatures } from '../../src/clip/visionTower';
import { isTextWeight, isVisionWeight, uploadWeights } from '../../src/clip/weights';
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
  const weights = uploadWeights(tensors, input.kind === 'image' ? isVisionWeight : isTextWeight);
  const { imageSize } = config.vision;
  const features = () =>
    input.kind === 'image'
      ? imageFeatures(weights, config, tf.tensor(input.pixels, [batch, 3, imageSize, imageSize]))
      : textFeatures(weights, config, input.ids);
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
