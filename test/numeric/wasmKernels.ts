import * as tf from '@tensorflow/tfjs-core';
import { afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { startDevice } from '../../src/device/start';
import { type Activation, activationComposition } from '../../src/ops/activation';
import { adamW } from '../../src/ops/adamW';
import { attentionComposition } from '../../src/ops/attention';
import * as kernels from '../../src/ops/kernels';
import { layerNormComposition } from '../../src/ops/layerNorm';
import { linearComposition } from '../../src/ops/linear';
import '../../src/ops/wasm/adamW';
import '../../src/ops/wasm/attention';
import '../../src/ops/wasm/layerNorm';
import '../../src/ops/wasm/linear';
import '../../src/ops/wasm/sumsOfSquares';
import { largestDifference } from './setup';

// Each kernel of the wasm backend by itself, against the composition that defines its op and the gradients of that;
// imported by a test of each build.

let live: tf.MemoryInfo;
beforeAll(async () => {
  await startDevice('wasm');
});
beforeEach(() => {
  live = tf.memory();
});
afterEach(() => {
  const { numTensors, numBytes } = tf.memory();
  expect({ numTensors, numBytes }).toEqual({ numTensors: live.numTensors, numBytes: live.numBytes });
});

let seed = 1;
/** Normal values, different at each call, the same in every run. */
const random = (shape: number[], deviation = 1) => tf.randomNormal(shape, 0, deviation, 'float32', seed++);

const run = (name: string, inputs: tf.NamedTensorMap, attributes = {}) =>
  [kernels.runKernels(name, inputs, attributes)].flat();

/** Compares with what is expected of it, which may be left out; differences count relative to the largest value. */
function expectSame(ours: tf.Tensor[], wanted: (tf.Tensor | undefined)[], tolerance = 1e-5): void {
  expect(ours).toHaveLength(wanted.length);
  for (const [i, tensor] of wanted.entries()) {
    if (!tensor) continue;
    expect(ours[i].shape).toEqual(tensor.shape);
    const values = tensor.dataSync<'float32'>();
    const scale = values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
    expect(largestDifference(ours[i].dataSync(), values) / scale, `output ${i}`).toBeLessThan(tolerance);
  }
}

/** The gradients of an op, each given its output's. */
const gradients = (op: (...inputs: tf.Tensor[]) => tf.Tensor, inputs: tf.Tensor[], dy: tf.Tensor) =>
  tf.grads(op)(inputs, dy);

const slopesOf = (x: tf.Tensor, activation: Activation) =>
  gradients((t) => activationComposition(t, activation), [x], tf.onesLike(x))[0];

/** A test within a tidy. */
const tidily = (body: () => void) => () => tf.tidy(body);

const linearSizes = [
  { rows: [1], inner: 1, out: 1 },
  { rows: [3, 5], inner: 12, out: 20 },
  { rows: [4], inner: 8, out: 8 },
  { rows: [7], inner: 5, out: 3 },
  { rows: [2, 17], inner: 33, out: 130 },
  { rows: [65], inner: 515, out: 9 },
  { rows: [6], inner: 1030, out: 259 },
  { rows: [530], inner: 6, out: 263 },
];

for (const { rows, inner, out } of linearSizes) {
  const size = `${rows} rows, ${inner} to ${out}`;

  it(
    `linear, ${size}`,
    tidily(() => {
      const [x, weight, bias] = [
        random([...rows, inner]),
        random([out, inner], inner ** -0.5),
        random([out]),
      ];
      const residual = random([...rows, out]);
      expectSame(run(kernels.LINEAR, { x, weight }), [linearComposition(x, weight)]);
      expectSame(run(kernels.LINEAR, { x, weight, bias, residual }), [
        linearComposition(x, weight, bias, residual),
      ]);
      for (const activation of ['quick_gelu', 'gelu', 'gelu_pytorch_tanh'] as const)
        expectSame(run(kernels.LINEAR, { x, weight, bias }, { activation }), [
          activationComposition(linearComposition(x, weight, bias), activation),
          slopesOf(linearComposition(x, weight, bias), activation),
        ]);
    }),
  );

  it(
    `the gradients of linear, ${size}`,
    tidily(() => {
      const [x, weight, bias] = [random([...rows, inner]), random([out, inner]), random([out])];
      const dy = random([...rows, out]);
      const [dx, dWeight, dBias] = gradients(
        (...all) => linearComposition(...(all as [tf.Tensor, tf.Tensor])),
        [x, weight, bias],
        dy,
      );
      expectSame(run(kernels.LINEAR_INPUT_GRADIENT, { dy, weight }), [dx]);
      const slopes = tf.sin(x);
      expectSame(run(kernels.LINEAR_INPUT_GRADIENT, { dy, weight, slopes }), [tf.mul(dx, slopes)]);
      expectSame(run(kernels.LINEAR_WEIGHT_GRADIENT, { dy, x }, { bias: true }), [dWeight, dBias]);
      expectSame(run(kernels.LINEAR_WEIGHT_GRADIENT, { dy, x }, { bias: false }), [dWeight]);
    }),
  );
}

/** Values around zero, and out to where the exponentials end. */
const activationInputs = () => tf.concat([random([2001], 3), tf.linspace(-120, 120, 202)]);

it.each<Activation>(['quick_gelu', 'gelu', 'gelu_pytorch_tanh'])('the slopes of %s', (activation) => {
  tf.tidy(() => {
    // The activation alone: of the product with 1.
    const x = tf.reshape(activationInputs(), [-1, 1]);
    const [, slopes] = run(kernels.LINEAR, { x, weight: tf.ones([1, 1]) }, { activation });
    expectSame([slopes], [slopesOf(x, activation)], 2e-6);
  });
});

it(
  'gelu to the last digits, and NaN stays NaN',
  tidily(() => {
    const x = activationInputs();
    // The activation alone: the product with 1.
    const column = tf.reshape(x, [-1, 1]);
    const one = tf.ones([1, 1]);
    const [y] = run(kernels.LINEAR, { x: column, weight: one }, { activation: 'gelu' });
    const values = x.dataSync<'float32'>();
    const relative = y
      .dataSync<'float32'>()
      .map((value, i) => (value - values[i] * normal(values[i])) / Math.max(1, Math.abs(values[i])));
    expect(largestDifference(relative, new Float32Array(relative.length))).toBeLessThan(1.5e-7);
    const [nan] = run(
      kernels.LINEAR,
      { x: tf.fill([1, 1], Number.NaN), weight: one },
      { activation: 'gelu' },
    );
    expect(nan.dataSync()[0]).toBeNaN();
  }),
);

/** Φ by its series (Marsaglia 2004), which converges for |x| < 7. */
function normal(x: number): number {
  if (Math.abs(x) > 7) return x < 0 ? 0 : 1;
  let sum = x;
  let last = 0;
  for (let term = x, i = 3; sum !== last; i += 2) {
    term *= (x * x) / i;
    last = sum;
    sum += term;
  }
  return 0.5 + (sum * Math.exp(-0.5 * x * x)) / Math.sqrt(2 * Math.PI);
}

const attentionSizes = [
  { batch: 1, tokens: 1, width: 8, heads: 2 },
  { batch: 2, tokens: 5, width: 16, heads: 2 },
  { batch: 3, tokens: 17, width: 96, heads: 3 },
  { batch: 2, tokens: 9, width: 6, heads: 1 },
  { batch: 1, tokens: 77, width: 14, heads: 2 },
  { batch: 1, tokens: 530, width: 12, heads: 1 },
].flatMap((size) => [false, true].map((causal) => ({ ...size, causal })));

it.each(attentionSizes)(
  'attention, batch $batch, $tokens tokens, $heads heads of $width, causal $causal',
  ({ batch, tokens, width, heads, causal }) => {
    tf.tidy(() => {
      const attributes = { heads, causal, queries: tokens };
      const qkv = random([batch, tokens, 3 * width]);
      const outputs = run(kernels.ATTENTION, { qkv }, attributes);
      expectSame(outputs, [attentionComposition(qkv, heads, causal), logSumExp(qkv, heads, causal)]);
      const dy = random([batch, tokens, width]);
      const wanted = gradients((t) => attentionComposition(t, heads, causal), [qkv], dy);
      const [mixed, logSum] = outputs;
      expectSame(run(kernels.ATTENTION_GRADIENT, { dy, qkv, mixed, logSumExp: logSum }, attributes), wanted);
    });
  },
);

/** Of the scores: [batch, heads, tokens]. */
function logSumExp(qkv: tf.Tensor, heads: number, causal: boolean): tf.Tensor {
  const [batch, tokens, threeWidths] = qkv.shape as [number, number, number];
  const size = threeWidths / 3 / heads;
  const [q, k] = tf.unstack(tf.transpose(tf.reshape(qkv, [batch, tokens, 3, heads, size]), [2, 0, 3, 1, 4]));
  const scores = tf.mul(tf.matMul(q, k, false, true), size ** -0.5);
  const isSeen = tf.linalg.bandPart(tf.ones([tokens, tokens]), -1, causal ? 0 : -1);
  return tf.logSumExp(tf.add(scores, tf.mul(tf.sub(isSeen, 1), 1e9)), -1);
}

it.each([[[1, 1]], [[4, 8]], [[2, 3, 65]], [[1, 130]], [[37, 3]], [[6, 192]]])(
  'layer normalisation of %j',
  (shape) => {
    tf.tidy(() => {
      const width = shape[shape.length - 1];
      const epsilon = 1e-5;
      // Far from zero, where a variance of squares would be wrong.
      const x = tf.add(random(shape), 100);
      const [weight, bias] = [random([width]), random([width])];
      const [y, statistics, around] = run(kernels.LAYER_NORM, { x, weight, bias }, { epsilon, around: true });
      const rows = tf.reshape(x, [-1, width]);
      const { mean, variance } = tf.moments(rows, 1);
      const scale = tf.rsqrt(tf.add(variance, epsilon));
      expectSame(
        [y, statistics, around],
        [layerNormComposition(x, weight, bias, epsilon), tf.stack([mean, scale], 1), x],
        1e-4,
      );
      expectSame(run(kernels.LAYER_NORM, { x, weight, bias }, { epsilon, around: false }), [y, statistics]);

      const [dy, dAround] = [random(shape), random(shape)];
      const op = (...[t, w, b]: tf.Tensor[]) => layerNormComposition(t, w, b, epsilon);
      const [dx, dWeight, dBias] = gradients(op, [x, weight, bias], dy);
      const inputs = { dy, x, weight, statistics };
      expectSame(run(kernels.LAYER_NORM_INPUT_GRADIENT, inputs), [dx], 1e-4);
      expectSame(
        run(kernels.LAYER_NORM_INPUT_GRADIENT, { ...inputs, around: dAround }),
        [tf.add(dx, dAround)],
        1e-4,
      );
      expectSame(run(kernels.LAYER_NORM_WEIGHT_GRADIENT, { dy, x, statistics }), [dWeight, dBias], 1e-4);
    });
  },
);

it.each([[[]], [[5]], [[4096]], [[3, 4097]]])('the sums of squares of %j', (shape) => {
  tf.tidy(() => {
    const x = random(shape);
    const [sums] = run(kernels.SUMS_OF_SQUARES, { x });
    expectSame([tf.sum(sums)], [tf.sum(tf.square(x))]);
  });
});

it.each([[[]], [[5]], [[3, 41]]])('AdamW in place, %j', (shape) => {
  const options = { scale: 0.5, learningRate: 0.1, beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.1 };
  const create = () => [random(shape), random(shape), tf.square(random(shape))].map((t) => tf.variable(t));
  const [inPlace, assigned] = tf.tidy(() => {
    const start = seed;
    const first = create();
    seed = start;
    return [first, create()];
  });
  tf.tidy(() => {
    const kernel = tf.getKernel(kernels.ADAMW, 'wasm');
    for (const step of [1, 2]) {
      const gradient = random(shape);
      const [parameter, firstMoment, secondMoment] = inPlace;
      run(kernels.ADAMW, { parameter, gradient, firstMoment, secondMoment }, { ...options, step });
      tf.unregisterKernel(kernels.ADAMW, 'wasm');
      adamW(assigned[0], gradient, assigned[1], assigned[2], { ...options, step });
      tf.registerKernel(kernel);
    }
    expectSame(inPlace, assigned, 1e-6);
  });
  tf.dispose([inPlace, assigned]);
});

it('a clone shares its numbers, and outlives what it is a clone of', async () => {
  const x = tf.tensor1d([1, 2, 3]);
  const before = tf.memory().numDataBuffers;
  const y = tf.clone(x);
  expect(tf.memory().numDataBuffers).toBe(before);
  x.dispose();
  expect([...(await y.data())]).toEqual([1, 2, 3]);
  y.dispose();
});
