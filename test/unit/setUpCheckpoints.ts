import { vi } from 'vitest';
import { memoryStore } from '../../src/files/memoryStore';
import type { FileStore } from '../../src/files/storage';
import { runSchema } from '../../src/run/schema';
import type { RunEvent } from '../../src/train/events';
import type { DroppedFile, EngineEvent, Past } from '../../src/worker/api';
import { Checkpoints } from '../../src/worker/checkpoints';
import type { Keepable } from '../../src/worker/stoppedRuns';
import { metrics } from './sampleMetrics';

/** A drop of two files. */
export const birds: DroppedFile[] = ['birds/a.png', 'birds/b.png'].map((path) => ({
  path,
  file: new File([path], path),
}));

/** What is kept of a run of this id. */
export const keepable = (id: string): Keepable => ({
  id,
  run: runSchema.parse({ train: { steps: 20 } }),
  teacherPrecision: 'float32',
  concepts: [],
  parts: [{ id: 'a part', files: birds }],
  models: {},
  tensors: [],
  data: 'birds',
  device: 'WebAssembly, 4 threads',
  teacher: 'a teacher',
  student: 'a student',
  bytes: 1000,
});

/** Checkpoints of a run that steps as the test says. */
export function setUpCheckpoints(store: FileStore = memoryStore()) {
  const run = { id: 'one', step: 0, weight: 0, finishStep: () => {} };
  const said: string[] = [];
  let told: number[] = [];
  const emit = (event: EngineEvent) => {
    if (event.type === 'problem') said.push(event.message);
    if (event.type === 'moments') told = event.steps;
  };
  const snapshot = vi.fn(async () => {
    run.finishStep();
    const tensors = { weight: { shape: [2], data: Float32Array.of(run.weight, run.step) } };
    return { run: run.id, step: run.step, tensors, since: performance.now() };
  });
  const checkpoints = new Checkpoints(snapshot, emit, Promise.resolve(store));
  const begin = (id: string, past?: Past, step = 0) => {
    Object.assign(run, { id, step });
    checkpoints.begin(keepable(id), past, step);
  };
  const hear = (event: RunEvent) => checkpoints.hear({ ...event, run: run.id });
  const step = () => hear({ type: 'step', metrics: metrics(++run.step) });
  const snapshots = () => snapshot.mock.calls.length;
  return { store, run, said, checkpoints, begin, hear, step, snapshots, moments: () => told };
}
