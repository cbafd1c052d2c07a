import * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../../clip/checkpoint';
import { fillTemplate } from '../../data/promptTemplate';
import { l2Normalize } from '../../ops/l2Normalize';
import { encodeTokens, type TextOptions, tokenise } from '../teacher';

/** PromptSRC's: 60 of the 80 that CLIP was evaluated with on ImageNet (Radford et al. 2021). */
export const templates: string[] = [
  'a bad photo of a {}.',
  'a photo of many {}.',
  'a sculpture of a {}.',
  'a photo of the hard to see {}.',
  'a low resolution photo of the {}.',
  'a rendering of a {}.',
  'graffiti of a {}.',
  'a bad photo of the {}.',
  'a cropped photo of the {}.',
  'a tattoo of a {}.',
  'the embroidered {}.',
  'a photo of a hard to see {}.',
  'a bright photo of a {}.',
  'a photo of a clean {}.',
  'a photo of a dirty {}.',
  'a dark photo of the {}.',
  'a drawing of a {}.',
  'a photo of my {}.',
  'the plastic {}.',
  'a photo of the cool {}.',
  'a close-up photo of a {}.',
  'a black and white photo of the {}.',
  'a painting of the {}.',
  'a painting of a {}.',
  'a pixelated photo of the {}.',
  'a sculpture of the {}.',
  'a bright photo of the {}.',
  'a cropped photo of a {}.',
  'a plastic {}.',
  'a photo of the dirty {}.',
  'a jpeg corrupted photo of a {}.',
  'a blurry photo of the {}.',
  'a photo of the {}.',
  'a good photo of the {}.',
  'a rendering of the {}.',
  'a {} in a video game.',
  'a photo of one {}.',
  'a doodle of a {}.',
  'a close-up photo of the {}.',
  'a photo of a {}.',
  'the origami {}.',
  'the {} in a video game.',
  'a sketch of a {}.',
  'a doodle of the {}.',
  'a origami {}.',
  'a low resolution photo of a {}.',
  'the toy {}.',
  'a rendition of the {}.',
  'a photo of the clean {}.',
  'a photo of a large {}.',
  'a rendition of a {}.',
  'a photo of a nice {}.',
  'a photo of a weird {}.',
  'a blurry photo of a {}.',
  'a cartoon {}.',
  'art of a {}.',
  'a sketch of the {}.',
  'a embroidered {}.',
  'a pixelated photo of a {}.',
  'itap of the {}.',
];

/**
 * What the frozen text tower makes of class names, [classes, d], L2-normalised: the mean over the templates of its
 * features before these are normalised, as PromptSRC's code has it.
 */
export async function templateFeatures(
  checkpoint: Checkpoint,
  classes: string[],
  bank: string[],
  options: TextOptions,
): Promise<tf.Tensor2D> {
  const texts = classes.flatMap((name) => bank.map((template) => fillTemplate(template, name)));
  const features = await encodeTokens(checkpoint, await tokenise(checkpoint, texts, options), options);
  const W = tf.tidy(() => {
    const byClass = tf.reshape(features, [classes.length, bank.length, -1]);
    return l2Normalize(tf.mean(byClass, 1)) as tf.Tensor2D;
  });
  features.dispose();
  return W;
}
