import { registerKernel, SOME_TOKENS, SOME_TOKENS_GRADIENT } from '../kernels';
import { oneThreadEach, runProgram } from './program';

registerKernel(SOME_TOKENS, 'webgpu', ({ x }, { tokens, first, count }) => {
  const [batch, , width] = x.shape;
  const { item, ...threads } = oneThreadEach(batch * count * width);
  return runProgram(
    {
      key: 'someTokens',
      inputs: ['X'],
      outputs: [{ name: 'result', shape: [batch, count, width] }],
      integers: {
        items: batch * count * width,
        own: count * width,
        all: tokens * width,
        start: first * width,
      },
      ...threads,
      code: `${item}
        if (item >= uniforms.items) { return; }
        result[item] = X[item / uniforms.own * uniforms.all + uniforms.start + item % uniforms.own];`,
    },
    [x],
  )[0];
});

registerKernel(SOME_TOKENS_GRADIENT, 'webgpu', ({ dy }, { tokens, first, count }) => {
  const [batch, , width] = dy.shape;
  const { item, ...threads } = oneThreadEach(batch * tokens * width);
  return runProgram(
    {
      key: 'someTokensGradient',
      inputs: ['Gradient'],
      outputs: [{ name: 'result', shape: [batch, tokens, width] }],
      integers: {
        items: batch * tokens * width,
        own: count * width,
        all: tokens * width,
        start: first * width,
      },
      ...threads,
      code: `${item}
        if (item >= uniforms.items) { return; }
        let within = item % uniforms.all - uniforms.start;
        let isChosen = within >= 0 && within < uniforms.own;
        let at = item / uniforms.all * uniforms.own + within;
        result[item] = select(0.0, Gradient[select(0, at, isChosen)], isChosen);`,
    },
    [dy],
  )[0];
});
