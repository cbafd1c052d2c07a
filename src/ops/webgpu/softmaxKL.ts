import * as tf from '@tensorflow/tfjs-core';
import { columnProgram, rowProgram } from './lines';
import { onWebGPU, toTensor } from './program';

/** The Kullback-Leibler divergence of two softmaxes on WebGPU: two dispatches forward, one backward. */
const KERNEL = 'ClipSoftmaxKL';

/** The kernel, or undefined on other backends. */
export function softmaxKLKernel(
  teacher: tf.Tensor,
  student: tf.Tensor,
  temperature: number,
): tf.Scalar | undefined {
  if (!onWebGPU()) return undefined;
  return tf.engine().runKernel(KERNEL, { student, teacher }, { temperature }) as tf.Scalar;
}

/** Leaves the log of the sum of exponentials of both rows, at a `rate` of 1/τ, in `studentSum` and `teacherSum`. */
const SUMS = `
  var studentMost = Student[start];
  var teacherMost = Teacher[start];
  for (var j = 1; j < uniforms.width; j = j + 1) {
    studentMost = max(studentMost, Student[start + j]);
    teacherMost = max(teacherMost, Teacher[start + j]);
  }
  var studentSum = 0.0;
  var teacherSum = 0.0;
  for (var j = 0; j < uniforms.width; j = j + 1) {
    studentSum += exp((Student[start + j] - studentMost) * uniforms.rate);
    teacherSum += exp((Teacher[start + j] - teacherMost) * uniforms.rate);
  }
  studentSum = log(studentSum) + studentMost * uniforms.rate;
  teacherSum = log(teacherSum) + teacherMost * uniforms.rate;`;

const DIVERGENCE = `
  var sum = 0.0;
  for (var j = 0; j < uniforms.width; j = j + 1) {
    let p = Teacher[start + j] * uniforms.rate - teacherSum;
    sum += exp(p) * (p - Student[start + j] * uniforms.rate + studentSum);
  }
  result[item] = sum;`;

/** d/d student = τ/batch · (softmax(student/τ) − softmax(teacher/τ)) · dy. */
const GRADIENT = `
  for (var j = 0; j < uniforms.width; j = j + 1) {
    let p = exp(Teacher[start + j] * uniforms.rate - teacherSum);
    let q = exp(Student[start + j] * uniforms.rate - studentSum);
    result[start + j] = Gradient[0] * uniforms.scale * (q - p);
  }`;

const temperatureOf = (attrs: tf.NamedAttrMap | undefined) =>
  (attrs as unknown as { temperature: number }).temperature;

tf.registerKernel({
  kernelName: KERNEL,
  backendName: 'webgpu',
  kernelFunc: ({ inputs, attrs }) => {
    const { student, teacher } = inputs as Record<'student' | 'teacher', tf.TensorInfo>;
    const temperature = temperatureOf(attrs);
    const [batch] = student.shape;
    const rows = rowProgram('softmaxKL', { Student: student, Teacher: teacher }, SUMS + DIVERGENCE, {
      outputShape: [batch, 1],
      floats: { rate: 1 / temperature },
    });
    const mean = `
      var sum = 0.0;
      for (var row = 0; row < uniforms.rows; row = row + 1) { sum += Rows[row]; }
      result[item] = sum * uniforms.scale;`;
    const floats = { scale: temperature ** 2 / batch };
    const loss = columnProgram('softmaxKLMean', { Rows: rows }, mean, { outputShape: [], floats });
    tf.backend().disposeData(rows.dataId);
    return loss;
  },
});

tf.registerGradient({
  kernelName: KERNEL,
  inputsToSave: ['student', 'teacher'],
  gradFunc: (dy, [student, teacher], attrs) => {
    const temperature = temperatureOf(attrs);
    const floats = { rate: 1 / temperature, scale: temperature / student.shape[0] };
    const inputs = { Student: student, Teacher: teacher, Gradient: dy as tf.Tensor };
    return {
      student: () => toTensor(rowProgram('softmaxKLGradient', inputs, SUMS + GRADIENT, { floats })),
      teacher: () => tf.zerosLike(teacher),
    };
  },
});
