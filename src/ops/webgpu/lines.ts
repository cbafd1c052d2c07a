import * as tf from '@tensorflow/tfjs-core';
import { oneThreadEach, runProgram } from './program';

export interface LineOptions {
  /** The first input's shape where undefined. */
  outputShape?: number[];
  floats?: Record<string, number>;
}

/**
 * A program with one thread for each row of the first input, seen as [rows, width]. The code finds the row's number in
 * `item` and its first element at `start`.
 *
 * @param inputs tensors by their names in the code
 */
export function rowProgram(
  key: string,
  inputs: Record<string, tf.TensorInfo>,
  code: string,
  options: LineOptions = {},
): tf.TensorInfo {
  const prelude = 'if (item >= uniforms.rows) { return; } let start = item * uniforms.width;';
  return lineProgram(key, inputs, prelude + code, 'rows', options);
}

/** As `rowProgram`, with one thread for each column: element `row` of it lies at `row * uniforms.width + item`. */
export function columnProgram(
  key: string,
  inputs: Record<string, tf.TensorInfo>,
  code: string,
  options: LineOptions = {},
): tf.TensorInfo {
  return lineProgram(key, inputs, `if (item >= uniforms.width) { return; } ${code}`, 'width', options);
}

function lineProgram(
  key: string,
  inputs: Record<string, tf.TensorInfo>,
  code: string,
  threadsAre: 'rows' | 'width',
  { outputShape, floats }: LineOptions,
): tf.TensorInfo {
  const [{ shape }] = Object.values(inputs);
  const width = shape[shape.length - 1];
  const integers = { rows: tf.util.sizeFromShape(shape) / width, width };
  const { item, ...threads } = oneThreadEach(integers[threadsAre]);
  const program = {
    key,
    inputs: Object.keys(inputs),
    outputShape: outputShape ?? shape,
    integers,
    floats,
    ...threads,
    code: `${item}\n${code}`,
  };
  return runProgram(program, Object.values(inputs));
}

/** Sums of each column of x, [..., width]; returns [width]. */
export function columnSums(x: tf.TensorInfo): tf.TensorInfo {
  const code = `
    var sum = 0.0;
    for (var row = 0; row < uniforms.rows; row = row + 1) { sum += X[row * uniforms.width + item]; }
    result[item] = sum;`;
  return columnProgram('columnSums', { X: x }, code, { outputShape: x.shape.slice(-1) });
}
