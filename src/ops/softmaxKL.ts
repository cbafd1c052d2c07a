import * as tf from '@tensorflow/tfjs-core';
import { constant } from './constant';
import { hasKernel, registerGradient, runKernel, SOFTMAX_KL, SOFTMAX_KL_GRADIENT } from './kernels';
import './webgpu/softmaxKL';

/**
 * τ² · KL(softmax(s teacher / τ) ‖ softmax(s student / τ)), averaged over the batch (Hinton et al. 2015).
 * The teacher's side is a constant: no gradient flows into it.
 *
 * @param teacherLogits, studentLogits [batch, texts]
 * @param scale s, where they are cosines
 * @returns a scalar
 */
export function softmaxKL(
  teacherLogits: tf.Tensor,
  studentLogits: tf.Tensor,
  temperature: number,
  scale = 1,
): tf.Scalar {
  if (!hasKernel(SOFTMAX_KL)) return softmaxKLComposition(teacherLogits, studentLogits, temperature, scale);
  const inputs = { student: studentLogits, teacher: teacherLogits };
  return runKernel(SOFTMAX_KL, inputs, { temperature, scale }) as tf.Scalar;
}

/** What `softmaxKL` means. */
export function softmaxKLComposition(
  teacherLogits: tf.Tensor,
  studentLogits: tf.Tensor,
  temperature: number,
  scale = 1,
): tf.Scalar {
  return tf.tidy(() => {
    const [batch] = studentLogits.shape;
    const logTarget = tf.logSoftmax(tf.mul(constant(teacherLogits), scale / temperature));
    const logInput = tf.logSoftmax(tf.mul(studentLogits, scale / temperature));
    const divergence = tf.sum(tf.mul(tf.exp(logTarget), tf.sub(logTarget, logInput)));
    return tf.mul(divergence, temperature ** 2 / batch) as tf.Scalar;
  });
}

registerGradient(SOFTMAX_KL, { inputs: ['student', 'teacher'] }, ([dy], [student, teacher], attributes) => ({
  student: () => runKernel(SOFTMAX_KL_GRADIENT, { dy, student, teacher }, attributes),
  teacher: () => tf.zerosLike(teacher),
}));
