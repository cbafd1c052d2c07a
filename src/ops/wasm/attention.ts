import type * as tf from '@tensorflow/tfjs-core';
import { ATTENTION, ATTENTION_GRADIENT } from '../kernels';
import { registerWasmKernel } from './native';

interface Attributes {
  heads: number;
  causal: boolean;
}

registerWasmKernel(
  ATTENTION,
  ({ qkv }: Record<'qkv', tf.TensorInfo>, native, { heads, causal }: Attributes) => {
    const [batch, tokens, threeWidths] = qkv.shape;
    const width = threeWidths / 3;
    const mixed = native.output([batch, tokens, width]);
    const logSumExp = native.output([batch, heads, tokens]);
    const addresses = [qkv, mixed, logSumExp].map((tensor) => native.address(tensor));
    const args = [...addresses, tokens, width, heads, Number(causal)];
    native.run('attention', batch * heads, args, tokens ** 2);
    return [mixed, logSumExp];
  },
);

registerWasmKernel(
  ATTENTION_GRADIENT,
  (
    { dy, qkv, mixed, logSumExp }: Record<'dy' | 'qkv' | 'mixed' | 'logSumExp', tf.TensorInfo>,
    native,
    { heads, causal }: Attributes,
  ) => {
    const [batch, tokens, width] = dy.shape;
    const dqkv = native.output(qkv.shape);
    const addresses = [dy, qkv, mixed, logSumExp, dqkv].map((tensor) => native.address(tensor));
    const args = [...addresses, tokens, width, heads, Number(causal)];
    native.run('attentionGradient', batch * heads, args, 2 * tokens ** 2);
    return dqkv;
  },
);
