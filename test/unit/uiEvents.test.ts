import { describe, expect, it, vi } from 'vitest';
import { createStore } from 'zustand';
import type { Evaluation } from '../../src/evaluate/results';
import { listenTo } from '../../src/page/events';
import { History } from '../../src/page/history';
import type { State } from '../../src/page/state';
import { runSchema } from '../../src/run/schema';
import type { DataSummary } from '../../src/worker/api';
import { metrics } from './sampleMetrics';

const sampleSummary: DataSummary = {
  name: 'pets',
  format: 'a folder per class',
  why: 'Each folder has images.',
  images: 4,
  training: { images: 4, labelled: 4 },
  pairs: 4,
  classes: ['cat', 'dog'],
  classCounts: [],
  scripts: [],
  notMirrored: 0,
  examined: 0,
  duplicates: { nearDuplicates: 0, straddling: 0, moved: 0 },
  tables: [],
  texts: 2,
  splits: { all: 4 },
  hasOwnTest: false,
  skipped: [],
  credits: [],
  samples: [],
};

describe('listenTo', () => {
  const setUp = () => {
    vi.stubGlobal('requestAnimationFrame', (draw: () => void) => frames.push(draw));
    const frames: (() => void)[] = [];
    const history = new History();
    const store = createStore<State>(() => ({
      session: 'idle',
      wantsPlay: true,
      isLoading: false,
      isDemo: true,
      parts: [],
      isOpening: false,
      isOpeningModel: false,
      hubAccess: { hasToken: false },
      imagesVersion: 0,
      isDataChanged: false,
      groups: [],
      defaultConcepts: [],
      concepts: [],
      teacherPrecision: 'float32',
      run: runSchema.parse({}),
      loadedRun: runSchema.parse({}),
      version: 0,
      evaluations: [],
      runId: 'this run',
      progress: [],
      problems: [],
    }));
    const reported: unknown[] = [];
    const onDataChanged = vi.fn();
    const hear = listenTo({
      store,
      history,
      clear: () => history.clear(),
      isCommanded: () => false,
      report: (error) => reported.push(error),
      onDataChanged,
    });
    return { frames, history, store, hear, reported, onDataChanged };
  };

  it('shows the latest of many steps once a frame', () => {
    const { frames, history, store, hear } = setUp();
    for (const step of [1, 2, 3]) hear({ type: 'step', metrics: metrics(step) });
    expect(frames).toHaveLength(1);
    expect(store.getState().metrics).toBeUndefined();
    frames[0]();
    expect(store.getState().metrics?.step).toBe(3);
    expect(history.length).toBe(3);
  });

  it('forgets a step that came before a restart', () => {
    const { frames, store, hear } = setUp();
    hear({ type: 'step', metrics: metrics(42) });
    hear({ type: 'state', state: 'loading' });
    frames[0]();
    expect(store.getState().metrics).toBeUndefined();
  });

  it('lets Play go where the session paused by itself', () => {
    const { store, hear } = setUp();
    hear({ type: 'state', state: 'paused' });
    expect(store.getState().wantsPlay).toBe(false);
  });

  it('tells of more that is known of the data, and where it changes what is trained on', () => {
    const { store, hear, onDataChanged } = setUp();
    const summary: DataSummary = { ...sampleSummary, examined: 3 };
    hear({ type: 'data', summary, changed: false });
    expect(store.getState()).toMatchObject({ data: summary, isDataChanged: false });
    expect(onDataChanged).not.toHaveBeenCalled();
    hear({ type: 'data', summary, changed: true });
    expect(store.getState()).toMatchObject({ data: summary, isDataChanged: true });
    expect(onDataChanged).toHaveBeenCalledOnce();
  });

  it('keeps one bar an action until it is done', () => {
    const { store, hear } = setUp();
    const progress = (label: string, done: number) =>
      hear({ type: 'progress', label, done, total: 4, unit: 'images' });
    progress('Reading', 1);
    progress('Encoding', 1);
    progress('Reading', 2);
    expect(store.getState().progress.map(({ label }) => label)).toEqual(['Encoding', 'Reading']);
    progress('Reading', 4);
    expect(store.getState().progress.map(({ label }) => label)).toEqual(['Encoding']);
  });

  it('keeps one evaluation a step: the last one looks at more images', () => {
    const { store, hear } = setUp();
    const evaluation = (step: number, top1: number): Evaluation => ({
      step,
      images: 4,
      heldOut: true,
      agreement: 1,
      teacher: { top1: 0.9, top5: 1 },
      student: { top1, top5: 1 },
      predictions: [],
      logits: { texts: [], scale: 1, teacher: new Float32Array(), student: new Float32Array() },
      features: {
        teacherMean: new Float32Array(),
        studentMean: new Float32Array(),
        teacherVariance: new Float32Array(),
        studentVariance: new Float32Array(),
      },
      embeddings: {
        dimension: 0,
        teacher: new Float32Array(),
        student: new Float32Array(),
        texts: new Float32Array(),
      },
    });
    hear({ type: 'evaluation', evaluation: evaluation(0, 0.1) });
    hear({ type: 'evaluation', evaluation: evaluation(10, 0.5) });
    hear({ type: 'evaluation', evaluation: evaluation(10, 0.4) });
    const { evaluations } = store.getState();
    expect(evaluations.map(({ step, student }) => [step, student.top1])).toEqual([
      [0, 0.1],
      [10, 0.4],
    ]);
    // Predictions and features would fill the memory of a long run.
    expect(Object.keys(evaluations[0])).not.toContain('predictions');
  });
});
