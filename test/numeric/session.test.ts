import * as tf from '@tensorflow/tfjs-core';
import { expect, it } from 'vitest';
import { randomCheckpoint } from '../../src/clip/initialise';
import { ownBytes } from '../../src/device/webgpu/buffers';
import type { Evaluation } from '../../src/evaluate/results';
import type { SessionEvent, StepMetrics } from '../../src/train/events';
import { distilling, Experiment, type ExperimentInputs } from '../../src/train/experiment';
import { Session } from '../../src/train/session';
import { openFixtureRun } from './fixtureRun';
import { eachBackend } from './setup';

/** A run of a student small enough for many steps. */
async function smallRun(
  train: Record<string, unknown> = {},
): Promise<ExperimentInputs & { evaluationImages: { during: number; atEnd: number } }> {
  const inputs = await openFixtureRun('full-adamw', {
    heads: undefined,
    train: { steps: 8, shuffle: true, ...train },
  });
  const tower = { hidden_size: 16, intermediate_size: 32, num_hidden_layers: 1, num_attention_heads: 2 };
  const config = { projection_dim: 8, vision_config: { ...tower, image_size: 32, patch_size: 16 } };
  return {
    ...inputs,
    student: randomCheckpoint(config, 1, 'test'),
    evaluationImages: { during: 5, atEnd: 20 },
  };
}

/** A session with what it has said. */
function listen() {
  const events: SessionEvent[] = [];
  const session = new Session((event) => events.push(event));
  const pick = <T>(choose: (event: SessionEvent) => T | undefined): T[] =>
    events.flatMap((event) => choose(event) ?? []);
  return {
    session,
    states: () => pick((event) => (event.type === 'state' ? event.state : undefined)),
    steps: () => pick((event) => (event.type === 'step' ? event.metrics : undefined)),
    evaluations: () => pick((event) => (event.type === 'evaluation' ? event.evaluation : undefined)),
    divergences: () =>
      pick((event) => (event.type === 'diverged' ? { step: event.step, images: event.images } : undefined)),
    problems: () => pick((event) => (event.type === 'problem' ? event.message : undefined)),
  };
}

const until = async (isTrue: () => boolean) => {
  while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 5));
};

const figures = (steps: StepMetrics[]) => steps.map(({ imagesPerSecond: _, ...rest }) => rest);
const accuracies = ({ step, teacher, student }: Evaluation) => ({ step, teacher, student });

eachBackend(() => {
  it('as many tensors and bytes are live after step 100 as after step 2', async () => {
    const experiment = await Experiment.load(await smallRun({ steps: 100 }), {});
    const live: string[] = [];
    const own: number[] = [];
    while (!experiment.isFinished) {
      await experiment.train(await experiment.nextBatch());
      const { numTensors, numBytes } = tf.memory();
      live.push(`${numTensors} tensors, ${numBytes} bytes`);
      own.push(ownBytes());
    }
    experiment.dispose();
    expect(live[99]).toBe(live[1]);
    // With the first cached features comes one more form of the step.
    expect(own[99]).toBe(own[20]);
    expect(own[99] - own[1]).toBeLessThanOrEqual(0.2 * own[1]);
  });

  it('goes from idle to finished, with evaluations before and after', async () => {
    const { session, states, steps, evaluations, problems } = listen();
    await session.load(await smallRun());
    await session.play();
    await until(() => session.state === 'finished');
    expect(states()).toEqual(['loading', 'ready', 'running', 'finished']);
    expect(steps().map(({ step }) => step)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    const [first, last] = [evaluations().at(0), evaluations().at(-1)];
    expect(first).toMatchObject({ step: 0, images: 5, heldOut: false });
    expect(last).toMatchObject({ step: 8, images: 20 });
    expect(last?.predictions).toHaveLength(20);
    for (const { teacher, student, attention } of last?.predictions ?? []) {
      expect(teacher).toHaveLength(5);
      expect(student[0].probability).toBeGreaterThanOrEqual(student[1].probability);
      expect(attention.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 4);
    }
    await session.play();
    await session.step();
    expect(session.state).toBe('finished');
    expect(problems()).toEqual([]);
    await session.dispose();
  });

  it('pauses at the next step, steps, plays on, and comes to the same numbers', async () => {
    const whole = listen();
    await whole.session.load(await smallRun());
    await whole.session.play();
    await until(() => whole.session.state === 'finished');
    await whole.session.dispose();

    const { session, states, steps } = listen();
    await session.load(await smallRun());
    await session.step();
    expect(session.state).toBe('paused');
    expect(steps()).toHaveLength(1);
    await session.play();
    await until(() => steps().length >= 3);
    const before = steps().length;
    await session.pause();
    const after = steps().length;
    // Three steps may be under way while a fourth is sent.
    expect(after - before).toBeLessThanOrEqual(4);
    expect(session.state).toBe('paused');
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(steps()).toHaveLength(after);
    await session.play();
    await until(() => session.state === 'finished');
    expect(figures(steps())).toEqual(figures(whole.steps()));
    expect(states().filter((state) => state === 'paused')).toHaveLength(2);
    await session.dispose();
  });

  it('looks back at an earlier moment, and comes to the same numbers and tensors as without', async () => {
    const plain = listen();
    await plain.session.load(await smallRun());
    await plain.session.play();
    await until(() => plain.session.state === 'finished');
    await plain.session.dispose();

    const { session, steps, evaluations } = listen();
    await session.load(await smallRun());
    await session.step();
    const moment = await session.snapshot();
    for (let i = 0; i < 3; i++) await session.step();
    const live = tf.memory();
    await session.look(moment);
    expect((await session.snapshot())?.step).toBe(4);
    await session.look();
    expect(evaluations().map(({ step }) => step)).toEqual([0, 1, 4]);
    expect(tf.memory()).toMatchObject({ numTensors: live.numTensors, numBytes: live.numBytes });
    await session.look(moment);
    await session.play();
    await until(() => session.state === 'finished');
    expect(figures(steps())).toEqual(figures(plain.steps()));
    expect(evaluations().at(-1)?.student).toEqual(plain.evaluations().at(-1)?.student);
    await session.dispose();
  });

  it('takes another learning rate while it runs; the same log brings the same numbers again', async () => {
    const { session, steps } = listen();
    expect(await session.setLearningRate(1)).toBeUndefined();
    await session.load(await smallRun(), 'live');
    await session.step();
    await session.step();
    const log = [{ step: 2, learningRate: 0.005 }];
    await session.setLearningRate(0.5);
    expect(await session.setLearningRate(0.005)).toEqual({ run: 'live', log });
    await session.play();
    await until(() => session.state === 'finished');
    await session.dispose();

    const again = listen();
    await again.session.load(await smallRun({ log }));
    await again.session.play();
    await until(() => again.session.state === 'finished');
    await again.session.dispose();
    expect(figures(steps())).toEqual(figures(again.steps()));
    expect(steps()[2].learningRate).toBeGreaterThan(2 * steps()[1].learningRate);
  });

  it('after a reset everything is as at the start', async () => {
    const { session, steps, evaluations } = listen();
    await session.load(await smallRun());
    await session.step();
    await session.step();
    await session.reset();
    expect(session.state).toBe('ready');
    await session.step();
    await session.step();
    await session.dispose();
    const all = figures(steps());
    expect(all.slice(2)).toEqual(all.slice(0, 2));
    const [first, again] = evaluations().filter(({ step }) => step === 0);
    expect(accuracies(again)).toEqual(accuracies(first));
  });

  it('takes commands in any order and state', async () => {
    const { session, states, problems } = listen();
    await Promise.all([session.play(), session.pause(), session.step(), session.reset()]);
    expect(await session.ask(async (all) => distilling(all)?.exportStudent())).toBeUndefined();
    expect(states()).toEqual([]);
    const inputs = await smallRun();
    const replaced = session.load(inputs);
    const loaded = session.load(inputs);
    await expect(replaced).rejects.toThrow();
    await loaded;
    void session.play();
    const student = await session.ask(async (all) => distilling(all)?.exportStudent());
    expect(Object.keys(student?.tensors ?? {})).toEqual(
      expect.arrayContaining(['visual_projection.weight', 'projector.fc2.weight']),
    );
    await Promise.all([session.reset(), session.play(), session.pause(), session.dispose()]);
    expect(session.state).toBe('idle');
    expect(problems()).toEqual([]);
  });

  it('says what is wrong with a step, and can be reset', async () => {
    const { session, states, problems } = listen();
    const inputs = await smallRun();
    await session.load(inputs);
    const open = inputs.dataset.open;
    inputs.dataset.open = () => Promise.reject(new Error('the disk is gone'));
    await session.play();
    await until(() => session.state === 'failed');
    expect(problems()).toEqual([expect.stringMatching(/disk is gone|can't be read/)]);
    inputs.dataset.open = open;
    await session.reset();
    await session.step();
    expect(states().slice(-4)).toEqual(['loading', 'ready', 'running', 'paused']);
    await session.dispose();
  });

  it('stops with a sentence where the loss is no number any more', async () => {
    const { session, problems, steps, divergences } = listen();
    await session.load(await smallRun({ optimizer: 'sgd', learningRate: 1e30, steps: 50 }));
    await session.play();
    await until(() => problems().length > 0);
    expect(problems()[0]).toMatch(
      /no longer a number after step \d+: .*vision_model\.\S+ is the first tensor that holds NaN.*lower learning rate/,
    );
    await session.pause();
    expect(session.state).toBe('diverged');
    const first = steps().find(({ total }) => !Number.isFinite(total))?.step;
    expect(divergences()).toEqual([{ step: first, images: expect.arrayContaining([expect.any(Number)]) }]);
    expect(steps().length).toBeLessThan(10);
    await session.dispose();
  });
});
