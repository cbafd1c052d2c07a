import { ASSEMBLE_TOKENS, ASSEMBLE_TOKENS_GRADIENT, registerKernel } from '../kernels';
import { columnProgram } from './lines';
import { oneThreadEach, runProgram } from './program';

registerKernel(ASSEMBLE_TOKENS, 'webgpu', (inputs) => {
  const { classEmbedding, patches, positions } = inputs;
  const [batch, , width] = patches.shape;
  const [tokens] = positions.shape;
  const count = batch * tokens * width;
  const { item, ...threads } = oneThreadEach(count);
  return runProgram(
    {
      key: 'assembleTokens',
      inputs: ['Class', 'Patches', 'Positions'],
      outputs: [{ name: 'result', shape: [batch, tokens, width] }],
      integers: { count, width, each: tokens * width },
      ...threads,
      code: `${item}
        if (item >= uniforms.count) { return; }
        let image = item / uniforms.each;
        let within = item % uniforms.each;
        var value = Positions[within];
        if (within < uniforms.width) {
          value += Class[within];
        } else {
          value += Patches[item - (image + 1) * uniforms.width];
        }
        result[item] = value;`,
    },
    [classEmbedding, patches, positions],
  )[0];
});

/** The gradients of positions and class token: sums over the batch. */
registerKernel(ASSEMBLE_TOKENS_GRADIENT, 'webgpu', (inputs) => {
  const dy = inputs.dy;
  const [batch, tokens, width] = dy.shape;
  return columnProgram({
    key: 'assembleTokensGradient',
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
