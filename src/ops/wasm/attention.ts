import { ATTENTION, ATTENTION_GRADIENT } from '../kernels';
import { registerWasmKernel } from './native';

registerWasmKernel(ATTENTION, ({ qkv }, native, { heads, causal }) => {
  const [batch, tokens, threeWidths] = qkv.shape;
  const width = threeWidths / 3;
  const mixed = native.output([batch, tokens, width]);
  const logSums = native.output([batch, heads, tokens]);
  const given = { qkv, mixed, logSums, tokens, width, heads, causal: Number(causal) };
  native.run('attention', batch * heads, given, tokens ** 2);
  return [mixed, logSums];
});

registerWasmKernel(ATTENTION_GRADIENT, ({ dy, qkv, mixed, logSumExp }, native, { heads, causal }) => {
  const [batch, tokens, width] = dy.shape;
  const dqkv = native.output(qkv.shape);
  const sizes = { tokens, width, heads, causal: Number(causal) };
  const given = { dy, qkv, mixed, logSums: logSumExp, dqkv, ...sizes };
  native.run('attentionGradient', batch * heads, given, 2 * tokens ** 2);
  return dqkv;
});
