import * as tf from '@tensorflow/tfjs-core';
import { registerKernel, SOFTMAX_KL, SOFTMAX_KL_GRADIENT } from '../kernels';
import { columnProgram, rowProgram } from './lines';

/** Leaves the log of the sum of exponentials of both rows, at a `rate` of s/τ, in `studentSum` and `teacherSum`. */
const SUMS = `
  var studentMost = Student[start];
  var teacherMost = Teacher[start];
  for (var j = lane; j < uniforms.width; j += LANES) {
    studentMost = max(studentMost, Student[start + j]);
    teacherMost = max(teacherMost, Teacher[start + j]);
  }
  studentMost = largest(studentMost);
  teacherMost = largest(teacherMost);
  var studentSum = 0.0;
  var teacherSum = 0.0;
  for (var j = lane; j < uniforms.width; j += LANES) {
    studentSum += exp((Student[start + j] - studentMost) * uniforms.rate);
    teacherSum += exp((Teacher[start + j] - teacherMost) * uniforms.rate);
  }
  studentSum = log(total(studentSum)) + studentMost * uniforms.rate;
  teacherSum = log(total(teacherSum)) + teacherMost * uniforms.rate;`;

/** Two dispatches: each row's divergence, and their mean. */
registerKernel(SOFTMAX_KL, 'webgpu', (inputs, attributes) => {
  const { student, teacher } = inputs;
  const { temperature, scale } = attributes;
  const [batch] = student.shape;
  const [rows] = rowProgram({
    key: 'softmaxKL',
    inputs: { Student: student, Teacher: teacher },
    outputs: [{ name: 'result', shape: [batch, 1] }],
    floats: { rate: scale / temperature },
    code: `${SUMS}
      var sum = 0.0;
      for (var j = lane; j < uniforms.width; j += LANES) {
        let p = Teacher[start + j] * uniforms.rate - teacherSum;
        sum += exp(p) * (p - Student[start + j] * uniforms.rate + studentSum);
      }
      result[row] = total(sum);`,
  });
  const [loss] = columnProgram({
    key: 'softmaxKLMean',
    inputs: { Rows: rows },
    outputs: [{ name: 'result', shape: [] }],
    floats: { scale: temperature ** 2 / batch },
    code: `
      var sum = 0.0;
      for (var row = lane; row < uniforms.rows; row += LANES) { sum += Rows[row]; }
      result[0] = total(sum) * uniforms.scale;`,
  });
  tf.backend().disposeData(rows.dataId);
  return loss;
});

/** d/d student = s τ/batch · (softmax(s student/τ) − softmax(s teacher/τ)) · dy. */
registerKernel(SOFTMAX_KL_GRADIENT, 'webgpu', (inputs, attributes) => {
  const { dy, student, teacher } = inputs;
  const { temperature, scale } = attributes;
  return rowProgram({
    key: 'softmaxKLGradient',
    inputs: { Student: student, Teacher: teacher, Gradient: dy },
    floats: { rate: scale / temperature, scale: (scale * temperature) / student.shape[0] },
    code: `${SUMS}
      for (var j = lane; j < uniforms.width; j += LANES) {
        let p = exp(Teacher[start + j] * uniforms.rate - teacherSum);
        let q = exp(Student[start + j] * uniforms.rate - studentSum);
        result[start + j] = Gradient[0] * uniforms.scale * (q - p);
      }`,
  })[0];
});
