import * as tf from '@tensorflow/tfjs-core';
import { type Contest, findFastest, type TuningOptions } from '../../device/tuning';
import { uploadTensor } from '../../device/upload';
import { hasHalf, type Precision } from '../../device/webgpu/half';
import { tiledMatmul } from './matmul';
import type { Layout } from './matmulCode';
import {
  classOf,
  halfClassOf,
  halfVariants,
  matmulVariants,
  nameOf,
  sizes,
  useVariants,
} from './matmulVariants';

/** Changes when the variants' code does. */
const VERSION = 'matmul 3';

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

/**
 * The same for products with a matrix that lies as float16 and may be multiplied so; does nothing where the device has
 * none. Apart from the others, since few want it.
 */
export async function tuneHalfMatmul(options?: TuningOptions): Promise<void> {
  if (!hasHalf()) return;
  const contests = sizes().map((size) => contestOf('NT', size, 'float16-arithmetic'));
  useVariants(await findFastest(contests, `${VERSION}, float16 arithmetic`, options));
}

function contestOf(
  layout: Layout,
  size: ReturnType<typeof sizes>[number],
  precision: Precision = 'float32',
): Contest {
  const isHalf = precision === 'float16-arithmetic';
  const all = isHalf ? halfVariants(size) : matmulVariants(size);
  const variants = new Map(all.map((variant) => [nameOf(variant), variant]));
  const [m, n, k] = PROBES[size];
  return {
    name: isHalf ? halfClassOf(size) : classOf(layout, size),
    candidates: [...variants.keys()],
    async prepare() {
      const [aShape, bShape] = [layout === 'TN' ? [k, m] : [m, k], layout === 'NT' ? [n, k] : [k, n]];
      const a = await uploadTensor(aShape, randomPieces(m * k));
      const b = await uploadTensor(bShape, randomPieces(k * n), precision);
      const operands = {
        a: { tensor: a, rowStride: aShape[1] },
        b: { tensor: b, rowStride: bShape[1], precision },
      };
      const output = { shape: [m, n], rowStride: n };
      // As a linear layer has it, so that what is compiled here serves it too.
      const bias = layout === 'NT' ? tf.zeros([n]) : undefined;
      const columnSums = layout === 'TN';
      return {
        run(candidate) {
          const product = { layout, m, n, k, ...operands, output, bias, columnSums };
          for (const { dataId } of tiledMatmul(product, variants.get(candidate)))
            tf.backend().disposeData(dataId);
        },
        dispose: () => tf.dispose([a, b, bias]),
      };
    },
  };
}

async function* randomPieces(size: number): AsyncGenerator<Float32Array> {
  yield Float32Array.from({ length: size }, Math.random);
}
