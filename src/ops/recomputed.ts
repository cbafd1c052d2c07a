import * as tf from '@tensorflow/tfjs-core';
import { currentTrace } from '../device/webgpu/trace';

/**
 * f(xs), whose backward pass computes f again instead of keeping what it made on the way (Chen et al. 2016, “Training
 * deep nets with sublinear memory cost”).
 *
 * @param xs what f is of and gradients go to; what it reads besides must be there until the backward pass
 * @param weights what f reads besides and gradients go to
 */
export function recomputed<Xs extends tf.Tensor[]>(
  f: (...xs: Xs) => tf.Tensor,
  xs: Xs,
  weights: tf.Variable[],
): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const given = inputs.slice(0, xs.length) as Xs;
    const save = inputs[inputs.length - 1] as unknown as tf.GradSaveFunc;
    save(given);
    return {
      value: f(...given),
      gradFunc: (dy: tf.Tensor, saved: tf.Tensor[]) => {
        // Not before its gradients are asked for, or what it makes would be kept until then after all.
        currentTrace()?.fence();
        return gradientsWithin(() => f(...(saved as Xs)), [...saved, ...weights], dy);
      },
    };
  });
  return op(...xs, ...weights);
}

/** Gradients that are asked for while others are being computed: tfjs would forget the outer tape. */
function gradientsWithin(f: () => tf.Tensor, inputs: tf.Tensor[], dy: tf.Tensor): tf.Tensor[] {
  const engine = tf.engine();
  const { activeTape } = engine.state;
  try {
    return engine.gradients(f, inputs, dy).grads;
  } finally {
    engine.state.activeTape = activeTape;
  }
}
