import * as tf from '@tensorflow/tfjs-core';
import { type Contest, findFastest, type TuningOptions } from '../../device/tuning';
import { tiledMatmul } from './matmul';
import type { Layout } from './matmulCode';
import { classOf, matmulVariants, nameOf, sizes, useVariants } from './matmulVariants';

/** Changes when the variants' code does. */
const VERSION = 'matmul 2';

/** m, n, k of a product of each size: on graphics processors such that the product takes longer than sending it. */
const PROBES = {
  any: [128, 192, 192],
  'many results': [1024, 768, 768],
  'few results': [192, 192, 8192],
  'few rows': [16, 512, 4096],
};

/** Measures which variant computes each class of matrix products fastest on the current device, or remembers it. */
export async function tuneMatmul(options?: TuningOptions): Promise<void> {
  const layouts: Layout[] = ['NT', 'NN', 'TN'];
  const contests = sizes().flatMap((size) => layouts.map((layout) => contestOf(layout, size)));
  useVariants(await findFastest(contests, VERSION, options));
}

function contestOf(layout: Layout, size: ReturnType<typeof sizes>[number]): Contest {
  const variants = new Map(matmulVariants(size).map((variant) => [nameOf(variant), variant]));
  const [m, n, k] = PROBES[size];
  return {
    name: classOf(layout, size),
    candidates: [...variants.keys()],
    prepare() {
      const a = tf.randomUniform<tf.Rank.R2>(layout === 'TN' ? [k, m] : [m, k]);
      const b = tf.randomUniform<tf.Rank.R2>(layout === 'NT' ? [n, k] : [k, n]);
      const [aOperand, bOperand] = [a, b].map((tensor) => ({ tensor, rowStride: tensor.shape[1] }));
      const output = { shape: [m, n], rowStride: n };
      // As a linear layer has it, so that what is compiled here serves it too.
      const bias = layout === 'NT' ? tf.zeros([n]) : undefined;
      const columnSums = layout === 'TN';
      return {
        run(candidate) {
          const product = { layout, m, n, k, a: aOperand, b: bOperand, output, bias, columnSums };
          for (const { dataId } of tiledMatmul(product, variants.get(candidate)))
            tf.backend().disposeData(dataId);
        },
        dispose: () => tf.dispose([a, b, bias]),
      };
    },
  };
}
