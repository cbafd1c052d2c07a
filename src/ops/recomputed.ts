import * as tf from '@tensorflow/tfjs-core';

/**
 * f(x), whose backward pass computes f again instead of keeping what it made on the way (Chen et al. 2016, “Training
 * deep nets with sublinear memory cost”).
 *
 * @param weights what f reads besides and gradients go to
 */
export function recomputed(f: (x: tf.Tensor) => tf.Tensor, x: tf.Tensor, weights: tf.Variable[]): tf.Tensor {
  const op = tf.customGrad((...inputs) => {
    const [given, ...rest] = inputs as (tf.Tensor | tf.GradSaveFunc)[];
    const save = rest.at(-1) as tf.GradSaveFunc;
    save([given as tf.Tensor]);
    return {
      value: f(given as tf.Tensor),
      gradFunc: (dy: tf.Tensor, [saved]: tf.Tensor[]) =>
        gradientsWithin(() => f(saved), [saved, ...weights], dy),
    };
  });
  return op(x, ...weights);
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
