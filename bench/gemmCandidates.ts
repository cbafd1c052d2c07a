import { blockUntilReady, defaultDevice, init, jit, numpy as np, tree } from '@jax-js/jax';
import * as tf from '@tensorflow/tfjs-core';
import { StepRunner } from '../src/device/stepRunner';
import { tiledMatmul } from '../src/ops/webgpu/matmul';
import { matmulVariants, nameOf, sizes, type Variant } from '../src/ops/webgpu/matmulVariants';
import { usePlainTfjs } from './engines/plainTfjs';
import type { Gemm, GemmCandidate, PreparedGemm } from './gemm';

/**
 * Everything at hand that multiplies matrices on WebGPU: each of our variants, tfjs, jax-js.
 *
 * @param isAlone without tfjs and jax-js
 */
export async function webgpuCandidates(isAlone: boolean): Promise<GemmCandidate[]> {
  // Which variants there are depends on the device.
  await tf.setBackend('webgpu');
  const variants = new Map(
    sizes()
      .flatMap(matmulVariants)
      .map((variant) => [nameOf(variant), variant]),
  );
  const own = [...variants.values()].map(ours);
  if (isAlone) return own;
  await init('webgpu');
  return [...own, tfjs(), jax()];
}

/** Recorded and replayed in one submission, as a training step is. */
function ours(variant: Variant): GemmCandidate {
  return {
    name: nameOf(variant),
    activate: async () => {
      await tf.setBackend('webgpu');
    },
    prepare(gemm): PreparedGemm {
      const { m, n } = gemm;
      const [aShape, bShape] = operandShapes(gemm);
      const a = tf.randomUniform(aShape);
      const b = tf.randomUniform(bShape);
      const options = {
        ...gemm,
        a: { tensor: a, rowStride: aShape[1] },
        b: { tensor: b, rowStride: bShape[1] },
        output: { shape: [m, n], rowStride: n },
      };
      const multiply = () => tiledMatmul(options, variant).map(toTensor);
      const runners = new Map<number, StepRunner>();
      return {
        async run(times) {
          const runner =
            runners.get(times) ?? new StepRunner(() => ({ corner: cornerAfter(times, multiply) }));
          runners.set(times, runner);
          await runner.run({});
        },
        dispose() {
          for (const runner of runners.values()) runner.dispose();
          tf.dispose([a, b]);
        },
      };
    },
  };
}

const toTensor = (info: tf.TensorInfo) => tf.engine().makeTensorFromTensorInfo(info);

function tfjs(): GemmCandidate {
  return {
    name: 'tfjs',
    activate: () => usePlainTfjs('plain-webgpu'),
    prepare(gemm): PreparedGemm {
      const [aShape, bShape] = operandShapes(gemm);
      const a = tf.randomUniform(aShape);
      const b = tf.randomUniform(bShape);
      const multiply = () => tf.matMul(a, b, gemm.layout === 'TN', gemm.layout === 'NT');
      return {
        async run(times) {
          const corner = tf.tidy(() => cornerAfter(times, multiply));
          await corner.data();
          corner.dispose();
        },
        dispose: () => tf.dispose([a, b]),
      };
    },
  };
}

/** Multiplies so many times; one number of the last product is enough to know that all are done. */
function cornerAfter(times: number, multiply: () => tf.Tensor | tf.Tensor[]): tf.Tensor {
  for (let i = 1; i < times; i++) tf.dispose(multiply());
  const [product] = [multiply()].flat();
  return tf.slice(product, [0, 0], [1, 1]);
}

function jax(): GemmCandidate {
  return {
    name: 'jax-js',
    activate: async () => {
      defaultDevice('webgpu');
    },
    prepare(gemm): PreparedGemm {
      const [aShape, bShape] = operandShapes(gemm);
      const operand = (shape: [number, number]) =>
        np.array(Float32Array.from({ length: shape[0] * shape[1] }, Math.random), { shape });
      const a = operand(aShape);
      const b = operand(bShape);
      const multiply = jit((x: np.Array, y: np.Array) =>
        np.matmul(gemm.layout === 'TN' ? x.transpose() : x, gemm.layout === 'NT' ? y.transpose() : y),
      );
      return {
        async run(times) {
          const results = Array.from({ length: times }, () => multiply(a.ref, b.ref));
          await blockUntilReady(results);
          tree.dispose(results);
        },
        dispose() {
          a.dispose();
          b.dispose();
          multiply.dispose();
        },
      };
    },
  };
}

function operandShapes({ layout, m, n, k }: Gemm): [[number, number], [number, number]] {
  return [layout === 'TN' ? [k, m] : [m, k], layout === 'NT' ? [n, k] : [k, n]];
}
