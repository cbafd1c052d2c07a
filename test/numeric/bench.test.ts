import * as tf from '@tensorflow/tfjs-core';
import { beforeAll, expect, it, vi } from 'vitest';
import { createJaxEngine } from '../../bench/engines/jax';
import { createOurs } from '../../bench/engines/ours';
import { createTfjsEngine } from '../../bench/engines/tfjs';
import { measureTower } from '../../bench/inference/measure';
import { ONNX_TOWERS } from '../../bench/inference/onnx';
import { OUR_TOWERS } from '../../bench/inference/ours';
import { towerProblems } from '../../bench/inference/tower';
import { Race } from '../../bench/measure';
import { createProblem } from '../../bench/problem';
import type { StepShape } from '../../bench/shapes';
import { installNodeWebGPU } from '../../src/cli/device';
import { startDevice } from '../../src/device/start';

const layers = { hidden_size: 32, intermediate_size: 64, num_hidden_layers: 2, num_attention_heads: 2 };
const tower = (patch: number) => ({
  projection_dim: 24,
  vision_config: { ...layers, hidden_act: 'quick_gelu', image_size: 32, patch_size: patch },
});
const small = {
  student: tower(16),
  text: { ...layers, vocab_size: 50, eos_token_id: 49, max_position_embeddings: 10 },
  d: 24,
  batch: 4,
  texts: 5,
};
const whole: StepShape = { ...small, name: 'whole', parameters: 'full' };
const prompts: StepShape = { ...small, name: 'prompts', parameters: 'prompts', teacher: tower(8) };

beforeAll(async () => {
  await installNodeWebGPU();
  await startDevice('wasm');
});

it.each([whole, prompts])('the rivals of the bench compute the same step: $name', async (shape) => {
  const { numTensors } = tf.memory();
  const losses: string[] = [];
  const race = new Race(await createProblem(shape), (message) => losses.push(message));
  await race.add('ours-wasm', (problem) => createOurs(problem, 'wasm'));
  await race.add('tfjs-wasm', (problem) => createTfjsEngine(problem, 'plain-wasm'));
  await race.add('jax-wasm', (problem) => createJaxEngine(problem, 'wasm'));
  await race.round(0);
  const results = race.results();
  await race.dispose();
  expect(results.map(({ engine }) => engine)).toEqual(['ours-wasm', 'tfjs-wasm', 'jax-wasm']);
  for (const { seconds, issueSeconds } of results) {
    expect(seconds).toBeGreaterThan(0);
    expect(issueSeconds).toBeLessThanOrEqual(seconds);
  }
  expect(tf.memory().numTensors).toBe(numTensors);
});

it('an engine with other losses is refused', async () => {
  const engine = (total: number) => async () => ({
    activate: async () => {},
    step: async () => ({ total, mean: 1, variance: 1, kl: 1 }),
    dispose: () => {},
  });
  const race = new Race(await createProblem(whole), () => {});
  await race.add('ours-wasm', engine(2));
  await race.add('tfjs-wasm', engine(2.001));
  await expect(race.add('jax-wasm', engine(2.003))).rejects.toThrow(
    'jax-wasm and ours-wasm disagree in step 1',
  );
});

it('a rival that fails is left out, the product may not fail', async () => {
  const fail = () => Promise.reject(new Error('no memory'));
  const race = new Race(await createProblem(whole), () => {});
  await race.add('tfjs-wasm', fail);
  expect(race.leftOut).toEqual([{ measured: 'whole', engine: 'tfjs-wasm', reason: 'no memory' }]);
  await expect(race.add('ours-wasm', fail)).rejects.toThrow('no memory');
});

it('a rival that takes minutes for a step is left out; its first, which compiles, may take longer', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  let steps = 0;
  const taking = (first: number, other: number) => async () => ({
    activate: async () => {},
    async step() {
      vi.advanceTimersByTime(1000 * (steps++ === 0 ? first : other));
      return { total: 2, mean: 1, variance: 1, kl: 1 };
    },
    dispose: () => {},
  });
  const race = new Race(await createProblem(whole), () => {});
  const stepsOf = async (
    ...[engine, first, other]: ['tfjs-wasm' | 'jax-wasm' | 'ours-wasm', number, number]
  ) => {
    steps = 0;
    await race.add(engine, taking(first, other));
    return steps;
  };
  expect(await stepsOf('tfjs-wasm', 299, 61)).toBe(2);
  expect(await stepsOf('tfjs-wasm', 301, 1)).toBe(1);
  expect(await stepsOf('jax-wasm', 299, 59)).toBe(3);
  expect(await stepsOf('ours-wasm', 301, 301)).toBe(3);
  vi.useRealTimers();
  const out = { measured: 'whole', engine: 'tfjs-wasm' };
  expect(race.leftOut).toEqual([61, 301].map((s) => ({ ...out, reason: `A step takes it ${s} s.` })));
  expect(race.results().map(({ engine }) => engine)).toEqual(['jax-wasm', 'ours-wasm']);
});

it('the towers as ONNX models give the same features', async () => {
  const { 'ours-wasm': ours } = OUR_TOWERS;
  const { 'onnx-wasm': onnx } = ONNX_TOWERS;
  for (const problem of await towerProblems(whole)) {
    const results = await measureTower(problem, { ours, onnx }, 1, [], () => {});
    expect(results.map(({ engine }) => engine)).toEqual(['ours', 'onnx']);
    for (const { perSecond } of results) expect(perSecond).toBeGreaterThan(0);
  }
});
