import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand/vanilla';
import { Controller, type LoadRequest } from '../../src/page/controller';
import { connect } from '../../src/page/engine';
import { History } from '../../src/page/history';
import type { KeptRun } from '../../src/page/runs/stored';
import type { RunState } from '../../src/page/state';
import { runSchema } from '../../src/run/schema';
import type { RunEvent } from '../../src/train/events';
import type { LoadedRun, TrainedStudent } from '../../src/worker/api';
import { createEngine } from '../e2e/fakeEngine';
import { student, teacher } from '../e2e/fakeModels';
import { evaluation, metrics } from './sampleMetrics';

const run = runSchema.parse({ train: { steps: 20 } });
const other = runSchema.parse({ method: 'promptkd' });
const request: LoadRequest = { run, teacherPrecision: 'float32' };

/** A controller of an engine whose loads the test answers. */
function setUp() {
  const frames: (() => void)[] = [];
  vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
  const store = createStore<RunState>(() => ({
    phase: 'loading',
    runId: 'none',
    loadedRun: other,
    version: 0,
    imagesVersion: 0,
    isDataChanged: false,
    evaluations: [],
    moments: [],
    captionDoubts: [],
    progress: [],
  }));
  const history = new History();
  const reported: unknown[] = [];
  const kept: string[] = [];
  const controller = new Controller({
    store,
    history,
    keep: () => kept.push(store.getState().runId),
    report: (error) => reported.push(error),
  });
  const loads: { id: string; trained?: TrainedStudent; answer: (error?: Error) => void }[] = [];
  const calls: string[] = [];
  const noted = (name: string) => async () => void calls.push(name);
  connect({
    ...createEngine(),
    load: (id, _run, _precision, trained) =>
      new Promise<LoadedRun>((resolve, reject) => {
        const answer = (error?: Error) =>
          error ? reject(error) : resolve({ id, teacher, student, captionDoubts: [] });
        loads.push({ id, trained, answer });
      }),
    play: noted('play'),
    pause: noted('pause'),
    step: noted('step'),
    reset: noted('reset'),
    look: async (moment) => void calls.push(`look ${moment}`),
  });
  const now = () => store.getState();
  /** Has the engine say something of the run of the moment. */
  const hear = (event: RunEvent) => controller.hear({ ...event, run: now().runId });
  /** A run that is loaded. */
  const loaded = async () => {
    const load = controller.load(() => request);
    loads.at(-1)?.answer();
    await load;
  };
  return { frames, history, controller, reported, kept, loads, calls, now, hear, loaded };
}

describe('the controller', () => {
  it('goes the way of a run', async () => {
    const { controller, now, hear, loaded, calls } = setUp();
    await loaded();
    expect(now()).toMatchObject({ phase: 'ready', loadedRun: run, teacher, student });
    await controller.play();
    expect(now().phase).toBe('running');
    const pause = controller.pause();
    expect(now().phase).toBe('pausing');
    await pause;
    expect(now().phase).toBe('paused');
    await controller.step();
    expect(now().phase).toBe('paused');
    await controller.play();
    hear({ type: 'state', state: 'finished' });
    expect(now().phase).toBe('finished');
    await controller.play();
    await controller.step();
    expect(calls).toEqual(['play', 'pause', 'step', 'play']);
  });

  it('shows the last step as soon as the run rests, before the next frame', async () => {
    const { controller, now, hear, loaded } = setUp();
    await loaded();
    await controller.play();
    hear({ type: 'step', metrics: metrics(1) });
    expect(now().metrics).toBeUndefined();
    await controller.pause();
    expect(now().metrics?.step).toBe(1);
    await controller.play();
    hear({ type: 'step', metrics: metrics(2) });
    hear({ type: 'state', state: 'finished' });
    expect(now().metrics?.step).toBe(2);
  });

  it('keeps a Play that comes while it loads, and lets it be taken back', async () => {
    const { controller, loads, calls, now } = setUp();
    const load = controller.load(() => request);
    await controller.play();
    await controller.pause();
    await controller.play();
    expect(now().phase).toBe('starting');
    loads[0].answer();
    await load;
    expect(now().phase).toBe('running');
    expect(calls).toEqual(['play']);
  });

  it('plays on where it is reset or loaded while it runs', async () => {
    const { controller, loads, calls, now, loaded } = setUp();
    await loaded();
    await controller.play();
    await controller.reset();
    const load = controller.load(() => request);
    expect(now().phase).toBe('starting');
    loads[1].answer();
    await load;
    expect(calls).toEqual(['play', 'reset', 'play', 'play']);
  });

  it('lets a late answer of an earlier load fall away', async () => {
    const { controller, loads, now, reported } = setUp();
    const first = controller.load(() => request);
    const second = controller.load(() => ({ ...request, run: other }));
    const third = controller.load(() => request);
    loads[1].answer(new Error('Another run was loaded.'));
    loads[2].answer();
    loads[0].answer();
    expect(await Promise.all([first, second, third])).toEqual([false, false, true]);
    expect(now()).toMatchObject({ phase: 'ready', loadedRun: run, runId: loads[2].id });
    expect(reported).toEqual([]);
  });

  it('hears nothing of an earlier run', async () => {
    const { controller, history, frames, now, hear, loaded, reported, kept } = setUp();
    await loaded();
    const { runId: earlier } = now();
    hear({ type: 'step', metrics: metrics(1) });
    hear({ type: 'progress', label: 'Encoding', done: 1, total: 4, unit: 'texts' });
    await controller.reset();
    expect(kept).toEqual(['none', earlier]);
    controller.hear({ run: earlier, type: 'step', metrics: metrics(2) });
    controller.hear({ run: earlier, type: 'evaluation', evaluation: evaluation(2, 0.5) });
    controller.hear({ run: earlier, type: 'state', state: 'finished' });
    controller.hear({ run: earlier, type: 'problem', message: 'too late' });
    for (const draw of frames) draw();
    expect(now()).toMatchObject({ phase: 'ready', evaluations: [], progress: [] });
    expect(now().metrics).toBeUndefined();
    expect(history.length).toBe(0);
    expect(reported).toEqual([]);
  });

  it('takes changed data with the next load, which a reset is none of', async () => {
    const { controller, now, loaded } = setUp();
    await loaded();
    controller.changeData();
    await controller.reset();
    expect(now()).toMatchObject({ isDataChanged: true, imagesVersion: 0 });
    await loaded();
    expect(now()).toMatchObject({ isDataChanged: false, imagesVersion: 1 });
    controller.leave();
    expect(now()).toMatchObject({ phase: 'loading', imagesVersion: 2 });
  });

  it('fails where a load does, and rejects', async () => {
    const { controller, loads, now } = setUp();
    const load = controller.load(() => request);
    loads[0].answer(new Error('The disk is gone.'));
    await expect(load).rejects.toThrow('The disk is gone.');
    expect(now().phase).toBe('failed');
  });

  it('stops by itself where the loss is no longer a number', async () => {
    const { controller, now, hear, loaded, calls } = setUp();
    await loaded();
    await controller.play();
    hear({ type: 'state', state: 'diverged' });
    expect(now().phase).toBe('diverged');
    await controller.play();
    expect(calls).toEqual(['play', 'play']);
  });

  it('loads what is outdated anew, with the student that goes on', async () => {
    const { controller, loads, now, history } = setUp();
    const steps = Float64Array.from({ length: 30 }, (_, i) => i + 1);
    const curves = { step: steps, total: steps, learningRate: steps, imagesPerSecond: steps };
    const before: KeptRun = {
      id: 'trained',
      startedAt: 7,
      run,
      data: '',
      device: '',
      teacher: '',
      student: '',
      curves,
      evaluations: [evaluation(10, 0.4), evaluation(20, 0.5)],
    };
    const trained = { student: { run: 'trained', step: 20, tensors: new Blob() }, run: before };
    let isOutdated = true;
    const load = controller.load(() => ({ ...request, trained, isOutdated: () => isOutdated }));
    loads[0].answer();
    await vi.waitFor(() => expect(loads).toHaveLength(2));
    isOutdated = false;
    loads[1].answer();
    expect(await load).toBe(true);
    expect(loads[1].trained).toBe(trained.student);
    expect(now()).toMatchObject({ phase: 'ready', runId: 'trained', metrics: { step: 20 } });
    expect(now().evaluations.map(({ step }) => step)).toEqual([10]);
    expect(history.length).toBe(20);
    expect(history.startedAt).toBe(7);
  });
});

describe('what a run tells', () => {
  it('shows the latest of many steps once a frame', async () => {
    const { frames, history, now, hear, loaded } = setUp();
    await loaded();
    for (const step of [1, 2, 3]) hear({ type: 'step', metrics: metrics(step) });
    expect(frames).toHaveLength(1);
    expect(now().metrics).toBeUndefined();
    frames[0]();
    expect(now().metrics?.step).toBe(3);
    expect(history.length).toBe(3);
  });

  it('shows a moment with its figures, and now again from the next step on', async () => {
    const { controller, calls, now, hear, loaded, frames } = setUp();
    await loaded();
    await controller.play();
    for (let step = 1; step <= 5; step++) hear({ type: 'step', metrics: metrics(step) });
    controller.hear({ type: 'moments', run: now().runId, steps: [2, 4] });
    expect(now().moments).toEqual([2, 4]);
    await controller.look(2);
    for (const draw of frames) draw();
    expect(now()).toMatchObject({ phase: 'paused', moment: 2, metrics: { step: 2 } });
    await controller.look();
    expect(now()).toMatchObject({ moment: undefined, metrics: { step: 5 } });
    await controller.look(4);
    await controller.play();
    expect(now()).toMatchObject({ phase: 'running', moment: undefined, metrics: { step: 5 } });
    await controller.look(4);
    await controller.step();
    expect(now()).toMatchObject({ phase: 'paused', moment: undefined, metrics: { step: 5 } });
    await controller.look(4);
    const reset = controller.reset();
    expect(now()).toMatchObject({ moments: [], moment: undefined });
    await reset;
    expect(calls).toEqual(
      'play, pause, look 2, look undefined, look 4, play, pause, look 4, step, look 4, reset'.split(', '),
    );
  });

  it('keeps one bar an action until it is done', () => {
    const { now, hear } = setUp();
    const progress = (label: string, done: number) =>
      hear({ type: 'progress', label, done, total: 4, unit: 'images' });
    progress('Reading', 1);
    progress('Encoding', 1);
    progress('Reading', 2);
    expect(now().progress.map(({ label }) => label)).toEqual(['Encoding', 'Reading']);
    progress('Reading', 4);
    expect(now().progress.map(({ label }) => label)).toEqual(['Encoding']);
  });

  it('keeps one evaluation a step: the last one looks at more images', () => {
    const { now, hear } = setUp();
    hear({ type: 'evaluation', evaluation: evaluation(0, 0.1) });
    hear({ type: 'evaluation', evaluation: evaluation(10, 0.5) });
    hear({ type: 'evaluation', evaluation: evaluation(10, 0.4) });
    const { evaluations } = now();
    expect(evaluations.map(({ step, student }) => [step, student.top1])).toEqual([
      [0, 0.1],
      [10, 0.4],
    ]);
    // Predictions and features would fill the memory of a long run.
    expect(Object.keys(evaluations[0])).not.toContain('predictions');
  });
});
