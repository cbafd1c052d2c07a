import * as tf from '@tensorflow/tfjs-core';
import { absoluteDistance } from '../../ops/absoluteDistance';
import { softmaxKL } from '../../ops/softmaxKL';
import { crossEntropy } from '../crossEntropy';
import { logits } from '../refinement';

/** Weights of PromptSRC's terms beside the cross-entropy. */
export interface PromptSrcWeights {
  imageWeight: number;
  textWeight: number;
  logitsWeight: number;
}

/** Features of images [batch, d] and of all classes' texts [classes, d], L2-normalised. */
export interface ImageAndText {
  image: tf.Tensor;
  text: tf.Tensor;
}

/** PromptSRC's terms, unweighted scalars. */
export interface PromptSrcTerms {
  crossEntropy: tf.Scalar;
  image: tf.Scalar;
  text: tf.Scalar;
  kl: tf.Scalar;
}

/**
 * The terms of PromptSRC's loss for one batch (Khattak et al., ICCV 2023, equations 3 to 6): the prompted logits'
 * cross-entropy, how far prompted features are from frozen ones, and KL(frozen ‖ prompted) of the logits, which the
 * authors' code divides by the number of classes too.
 *
 * @param prompted, frozen what the towers make with and without prompts; the frozen side gets no gradient
 * @param s exp(logit_scale)
 * @param right [batch, classes], 1 where a class is right for an image, else 0
 */
export function promptSrcTerms(
  prompted: ImageAndText,
  frozen: ImageAndText,
  s: number,
  right: tf.Tensor,
): PromptSrcTerms {
  return tf.tidy(() => {
    const [classes] = prompted.text.shape;
    const q = logits(prompted.image, prompted.text, s);
    const q_0 = logits(frozen.image, frozen.text, s);
    return {
      crossEntropy: crossEntropy(q, right),
      image: absoluteDistance(prompted.image, frozen.image, 'mean'),
      text: absoluteDistance(prompted.text, frozen.text, 'mean'),
      kl: tf.div(softmaxKL(q_0, q, 1), classes) as tf.Scalar,
    };
  });
}

export function promptSrcTotal(
  { crossEntropy, image, text, kl }: PromptSrcTerms,
  { imageWeight, textWeight, logitsWeight }: PromptSrcWeights,
): tf.Scalar {
  return tf.tidy(
    () =>
      tf.addN([
        crossEntropy,
        tf.mul(image, imageWeight),
        tf.mul(text, textWeight),
        tf.mul(kl, logitsWeight),
      ]) as tf.Scalar,
  );
}
