import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { loadCheckpoint } from '../../src/clip/checkpoint';
import { textFeatures, uploadTextTower } from '../../src/clip/textTower';
import { imageFeatures } from '../../src/clip/visionTower';
import { isVisionWeight, packedAttention, uploadWeights } from '../../src/clip/weights';
import { createVariables, disposeVariables } from '../../src/device/variables';
import { blobFolder } from '../../src/files/blobs';
import { chosenFrom } from '../../src/files/tensors';
import { familyCases, familyFiles, noise, PLACES } from '../unit/families';
import { eachBackend, largestDifference } from './setup';

const pixelsOf = (edge: number) => tf.tensor(noise(PLACES.pixels, 2 * 3 * edge * edge), [2, 3, edge, edge]);

eachBackend(() => {
  for (const one of familyCases)
    it(`embeds images and texts as NumPy does with the model ${one.layout}`, async () => {
      const { config, tensors } = await loadCheckpoint(blobFolder('siglip', familyFiles(one)));
      const weights = await uploadWeights(tensors, isVisionWeight);
      const ids = Int32Array.from(one.ids.flat());
      const tower = await uploadTextTower(tensors, ids);
      const features = tf.tidy(() => [
        imageFeatures(weights, config, pixelsOf(config.vision.imageSize)),
        textFeatures(tower, config, ids),
      ]);
      const [images, texts] = await Promise.all(features.map((tensor) => tensor.data()));
      tf.dispose([weights, tower.weights, features]);
      expect(largestDifference(images, one.images)).toBeLessThan(2e-5);
      expect(largestDifference(texts, one.texts)).toBeLessThan(2e-5);
    });

  it('gives the gradients of a SigLIP’s image tower, also where layers are computed again', async () => {
    const [one] = familyCases;
    const { config, tensors } = await loadCheckpoint(blobFolder('siglip', familyFiles(one)));
    const trained = await createVariables(packedAttention(chosenFrom(tensors, isVisionWeight)));
    const direction = tf.tensor(noise(PLACES.features, one.images.length), [2, config.projectionDim]);
    for (const recompute of [false, true]) {
      const { value, grads } = tf.variableGrads(() =>
        tf.tidy(() => {
          const features = imageFeatures(trained.byName, config, pixelsOf(config.vision.imageSize), {
            recompute,
          });
          return tf.sum(tf.mul(features, direction)) as tf.Scalar;
        }),
      );
      const byName = new Map(
        Object.entries(trained.byName).map(([name, variable]) => [name, grads[Object(variable).name]]),
      );
      for (const [place, name] of Object.keys(one.shapes).entries()) {
        if (!(name in one.gradients)) continue;
        const got = await alongNoise(byName, name, PLACES.tensors + place);
        const scale = Math.max(1, Math.abs(one.gradients[name]));
        expect(Math.abs(got - one.gradients[name]) / scale, name).toBeLessThan(1e-3);
      }
      tf.dispose([value, grads]);
    }
    direction.dispose();
    disposeVariables(trained);
  });
});

/** A gradient along the noise at a place; queries, keys and values are one tensor on the device. */
async function alongNoise(gradients: Map<string, tf.Tensor>, name: string, place: number): Promise<number> {
  const part = ['q_proj', 'k_proj', 'v_proj'].findIndex((projection) =>
    name.includes(`self_attn.${projection}`),
  );
  const gradient = gradients.get(part < 0 ? name : name.replace(/[qkv]_proj/, 'qkv_proj'));
  if (!gradient) return Number.NaN;
  const whole = await gradient.data<'float32'>();
  const size = part < 0 ? whole.length : whole.length / 3;
  const along = noise(place, size);
  const own = whole.subarray(Math.max(part, 0) * size, (Math.max(part, 0) + 1) * size);
  return own.reduce((sum, value, i) => sum + value * along[i], 0);
}
