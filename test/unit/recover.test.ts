import { beforeEach, expect, it, vi } from 'vitest';
import { InputError } from '../../src/files/folder';
import { memoryStore } from '../../src/files/memoryStore';
import { connect } from '../../src/page/engine';
import { store } from '../../src/page/store';
import { engineEnded } from '../../src/page/survive/recover';
import { demoRun } from '../../src/run/demo';
import { runSchema } from '../../src/run/schema';
import type { EngineApi, LoadedRun, StoppedRun } from '../../src/worker/api';
import { Checkpoints } from '../../src/worker/checkpoints';
import type { EngineEnd } from '../../src/worker/client';
import { stoppedRun } from '../../src/worker/stoppedRuns';
import { createEngine } from '../e2e/fakeEngine';
import { metrics } from './sampleMetrics';

/** The engines that were begun, and what has them end. */
const engines: { loads: string[]; plays: number; end: (why: EngineEnd) => void }[] = [];
let kept: StoppedRun | undefined;
/** What the next engine's start and load do. */
let start: () => Promise<void> = async () => {};
let load: () => Promise<void> = async () => {};

vi.mock('../../src/worker/client', () => ({
  createEngine: (onEnded: (why: EngineEnd) => void): EngineApi => {
    const fake = createEngine();
    let reject: (error: Error) => void = () => {};
    const ended = new Promise<never>((_, no) => {
      reject = no;
    });
    ended.catch(() => {});
    const mine = {
      loads: [] as string[],
      plays: 0,
      end: (why: EngineEnd) => {
        reject(new InputError('The engine was started anew meanwhile; try again.'));
        onEnded(why);
      },
    };
    engines.push(mine);
    const orEnded = <T>(answer: Promise<T>): Promise<T> => Promise.race([answer, ended]);
    return {
      ...fake,
      start: (...given) => orEnded(start().then(() => fake.start(...given))),
      stoppedRun: (id) => orEnded(Promise.resolve(id === kept?.student.run ? kept : undefined)),
      load: (id, run, precision, trained): Promise<LoadedRun> => {
        mine.loads.push(`${id}, step ${trained?.step}`);
        return orEnded(load().then(() => fake.load(id, run, precision, trained)));
      },
      play: async () => void mine.plays++,
    };
  },
}));

/** As the page hears of it: what fetches the code for it takes a moment. */
const onEnded = (why: EngineEnd) => void setTimeout(() => engineEnded(why, false, onEnded), 20);

const keptAfter = async (step: number): Promise<StoppedRun | undefined> => {
  const files = memoryStore();
  const snapshot = async () => ({
    run: 'one',
    step,
    tensors: { weight: { shape: [1], data: Float32Array.of(1) } },
    since: performance.now(),
  });
  const checkpoints = new Checkpoints(snapshot, () => {}, Promise.resolve(files));
  const about = { data: 'demo', device: 'a device', teacher: 'a teacher', student: 'a student', bytes: 1 };
  const run = runSchema.parse(demoRun);
  const given = { concepts: [], parts: [], models: {}, tensors: [] };
  checkpoints.begin({ id: 'one', run, teacherPrecision: 'float32', ...given, ...about });
  for (let i = 1; i <= step; i++) checkpoints.hear({ type: 'step', metrics: metrics(i), run: 'one' });
  await checkpoints.write();
  return stoppedRun(files, 'one');
};

vi.stubGlobal('location', { search: '' });

beforeEach(async () => {
  engines.length = 0;
  start = load = async () => {};
  const first = createEngine();
  connect(first);
  kept = await keptAfter(5);
  const { defaultConcepts: concepts } = await first.demoGroups();
  const data = await first.openDemo();
  store.setState({ phase: 'running', runId: 'one', metrics: metrics(6), data, concepts, problems: [] });
});

it('goes on with the run that was interrupted, where the next engine ends before it has it', async () => {
  load = () => new Promise(() => {});
  void engineEnded('lost device', true, onEnded);
  await expect.poll(() => engines[0]?.loads).toEqual(['one, step 5']);
  load = async () => {};
  engines[0].end('lost device');
  await expect.poll(() => engines[1]?.plays, { timeout: 5000 }).toBe(1);
  expect(engines[1].loads).toEqual(['one, step 5']);
  expect(store.getState().problems.map(({ message }) => message)).toEqual([
    expect.stringContaining('The run goes on from step 5'),
  ]);
});

it('has failed, and waits for nothing, where no engine can be started', async () => {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 3_600_000 });
  start = async () => {
    throw new InputError('There is no engine.');
  };
  await engineEnded('ended', true, onEnded);
  expect(store.getState()).toMatchObject({ phase: 'failed', problems: [{ message: 'There is no engine.' }] });
  vi.useRealTimers();
});
