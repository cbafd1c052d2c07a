import * as tf from '@tensorflow/tfjs-core';
import { precisionOf } from '../../device/webgpu/half';
import { EMBED_TOKENS, EMBED_TOKENS_GRADIENT, registerKernel } from '../kernels';
import { columnProgram } from './lines';
import { tiledMatmul } from './matmul';
import { oneThreadEach, runProgram } from './program';

/** One product over all tokens, to which what is the same for each image is added. */
registerKernel(EMBED_TOKENS, 'webgpu', (inputs) => {
  const { patches, weight } = inputs;
  const [batch, tokens, inner] = patches.shape;
  const [width] = weight.shape;
  const starts = tokenStarts(inputs);
  const [result] = tiledMatmul({
    layout: 'NT',
    m: batch * tokens,
    n: width,
    k: inner,
    a: { tensor: patches, rowStride: inner },
    b: { tensor: weight, rowStride: inner, precision: precisionOf(weight) },
    output: { shape: [batch, tokens, width], rowStride: width },
    residual: starts,
    residualRows: tokens,
  });
  tf.backend().disposeData(starts.dataId);
  return result;
});

/** What each image's tokens begin with, [1 + patches, width]: positions, and class token or bias. */
function tokenStarts({
  classEmbedding,
  positions,
  bias,
}: Record<'classEmbedding' | 'positions', tf.TensorInfo> & { bias?: tf.TensorInfo }): tf.TensorInfo {
  const [tokens, width] = positions.shape;
  const { item, ...threads } = oneThreadEach(tokens * width);
  return runProgram(
    {
      key: `tokenStarts_${bias !== undefined}`,
      inputs: ['Class', 'Positions', ...(bias ? ['Bias'] : [])],
      outputs: [{ name: 'result', shape: [tokens, width] }],
      integers: { items: tokens * width, width },
      ...threads,
      code: `${item}
        if (item >= uniforms.items) { return; }
        var value = Positions[item];
        if (item < uniforms.width) { value += Class[item]; }
        ${bias ? 'else { value += Bias[item % uniforms.width]; }' : ''}
        result[item] = value;`,
    },
    [classEmbedding, positions, ...(bias ? [bias] : [])],
  )[0];
}

/** The gradients of positions and class token: sums over the batch. */
registerKernel(EMBED_TOKENS_GRADIENT, 'webgpu', (inputs) => {
  const dy = inputs.dy;
  const [batch, tokens, width] = dy.shape;
  return columnProgram({
    key: 'embedTokensGradient',
    inputs: { Gradient: { ...dy, shape: [batch, tokens * width] } },
    outputs: [
      { name: 'dPositions', shape: [tokens, width] },
      { name: 'dClass', shape: [width] },
    ],
    floats: { classWidth: width },
    code: `
      var sum = 0.0;
      for (var row = lane; row < uniforms.rows; row += LANES) {
        sum += Gradient[row * uniforms.width + column];
      }
      let all = total(sum);
      dPositions[column] = all;
      if (column < i32(uniforms.classWidth)) { dClass[column] = all; }`,
  });
});
