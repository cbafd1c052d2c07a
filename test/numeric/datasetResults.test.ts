import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { datasetResults } from '../../src/evaluate/datasetResults';
import { eachBackend } from './setup';

/** Texts 0…4 look along the axes of a space of five dimensions. */
const texts = () => tf.eye(5) as tf.Tensor2D;

eachBackend(() => {
  it('tells accuracy and base-to-new of classes', async () => {
    // Images 0 and 1 are right; 2 is taken for a new class; 3 for a base class, 4 for another new one.
    const F = tf.tensor2d([
      [1, 0.1, 0, 0, 0],
      [0, 1, 0.1, 0, 0],
      [0, 0.1, 0.8, 0.9, 0],
      [0.9, 0, 0, 0.8, 0.1],
      [0, 0, 0.1, 0.9, 0.8],
    ]);
    const W = texts();
    const results = await datasetResults(F, W, [[0], [1], [2], [3], [4]], true);
    tf.dispose([F, W]);
    // Among the first three classes 2 is right; among the last two 3 is right and 4 still wrong.
    expect(results).toEqual({ images: 5, top1: 0.4, top5: 1, base: 1, new: 0.5, harmonicMean: 2 / 3 });
  });

  it('tells recall both ways where images have several captions', async () => {
    const F = tf.tensor2d([
      [0.5, 1, 0, 0, 0],
      [0, 0, 0, 0.9, 0],
    ]);
    const W = texts();
    // Image 0 has the captions 0 and 1, image 1 the caption 2; captions 3 and 4 belong to none.
    const { imageToText, textToImage, base } = await datasetResults(F, W, [[0, 1], [2]], false);
    tf.dispose([F, W]);
    expect(imageToText).toEqual({ r1: 0.5, r5: 1, r10: 1 });
    expect(textToImage).toEqual({ r1: 2 / 3, r5: 1, r10: 1 });
    expect(base).toBeUndefined();
  });
});
