import 'fake-indexeddb/auto';
import { createStore, get, keys, set } from 'idb-keyval';
import { expect, it, vi } from 'vitest';
import { writeSafetensors } from '../../src/files/safetensors';
import { addFiles, openDemo, removePart } from '../../src/page/data/actions';
import { connect, engine } from '../../src/page/engine';
import { keptStore, loadKept, removeUnread } from '../../src/page/runs/kept';
import { dropQueue, queueStore, recallQueue, startQueue } from '../../src/page/runs/queue';
import type { KeptRun } from '../../src/page/runs/stored';
import { enter, type Work } from '../../src/page/share/work';
import { boot, changeTrain, defaultRun, isPending, reset, store, togglePlay } from '../../src/page/store';
import type { Run } from '../../src/run/schema';
import type { DataSummary, EngineApi, EngineEvent, TrainedStudent } from '../../src/worker/api';
import { createEngine } from '../e2e/fakeEngine';

vi.stubGlobal('location', new URL('http://localhost/'));
vi.stubGlobal('requestAnimationFrame', (draw: () => void) => setTimeout(draw));

/** The page on an engine of invented numbers, of which a test may change calls. */
async function open(change: (engine: EngineApi, tell: (event: EngineEvent) => void) => Partial<EngineApi>) {
  const engine = createEngine();
  let listener: (event: EngineEvent) => void = () => {};
  const start: EngineApi['start'] = (backend, listen, rasterise) => {
    listener = listen;
    return engine.start(backend, listen, rasterise);
  };
  connect({ ...engine, start, ...change(engine, (event) => listener(event)) });
  await boot();
}

const steps = (count: number): Run => ({ ...defaultRun, train: { ...defaultRun.train, steps: count } });

it('goes on with a comparison while settings are edited, which are meant for afterwards', async () => {
  let onLoaded = () => {};
  const trained: Run['train'][] = [];
  await open((engine) => ({
    load: async (...request) => {
      trained.push(request[1].train);
      const loaded = await engine.load(...request);
      onLoaded();
      return loaded;
    },
  }));
  onLoaded = () => {
    onLoaded = () => {};
    changeTrain({ weightDecay: 0.25 });
  };
  const plan = [3, 4].map((count) => ({ run: steps(count), values: [String(count)], seed: 0 }));
  startQueue(['length'], plan);
  await vi.waitFor(() => expect(queueStore.getState().isActive).toBe(false), 20_000);
  expect(queueStore.getState().queue?.items.map(({ state }) => state)).toEqual(['done', 'done']);
  await vi.waitFor(() => expect(store.getState().phase).toBe('ready'), 5000);
  expect(store.getState().loadedRun.train.weightDecay).toBe(0.25);
  const { weightDecay: before, steps: own } = defaultRun.train;
  expect(trained).toHaveLength(4);
  expect(trained.slice(0, 3).map(({ steps, weightDecay }) => [steps, weightDecay])).toEqual([
    [own, before],
    [3, before],
    [4, before],
  ]);
});

it('fits batches to data, also to what is left of it, and says so; larger data has what was chosen again', async () => {
  let images = 0;
  let tellLess = (_: number) => {};
  await open((engine, tell) => ({
    openData: async (...request) => {
      const summary = { ...(await engine.openData(...request)), name: 'pets' };
      const of = (count: number) => ({ ...summary, training: { images: count, labelled: count, texts: 4 } });
      tellLess = (count) => tell({ type: 'data', summary: of(count), changed: true });
      return of(images);
    },
  }));
  const batch = () => store.getState().run.train.batchSize;
  const said = () => store.getState().problems.map(({ message, isNotice }) => [message, isNotice]);
  const add = async (id: string, count: number) => {
    images = count;
    await addFiles([{ path: 'pets/cat/1.jpg', file: new File(['1'], '1.jpg') }], id);
  };
  const chosen = batch();
  await add('few', 10);
  expect(batch()).toBe(10);
  expect(said()).toEqual([
    [`Batches are of 10 images now, not of ${chosen}: pets has 10 images to train on.`, true],
  ]);
  tellLess(7);
  expect(batch()).toBe(7);
  await vi.waitFor(() => expect(store.getState().phase).toBe('ready'), 5000);
  expect(store.getState().loadedRun.train.batchSize).toBe(7);
  await add('more', 400);
  expect(batch()).toBe(chosen);
  expect(said()).toEqual([
    [`Batches are of ${chosen} images now, not of 7: pets has 400 images to train on.`, true],
  ]);
  images = 9;
  await removePart('more');
  expect(batch()).toBe(9);
  await openDemo(store.getState().concepts);
  expect(batch()).toBe(chosen);
});

it('goes on with a trained student where looking into its pictures has found more meanwhile', async () => {
  const student: TrainedStudent[] = [];
  let summary: DataSummary | undefined;
  await open((engine, tell) => ({
    openData: async (...request) => {
      summary = await engine.openData(...request);
      return summary;
    },
    load: async (id, run, precision, trained) => {
      if (trained) student.push(trained);
      const loaded = await engine.load(id, run, precision, trained);
      if (summary) tell({ type: 'data', summary, changed: true });
      summary = undefined;
      return loaded;
    },
  }));
  const curve = Float64Array.from({ length: 12 }, (_, i) => i + 1);
  const run: KeptRun = {
    id: 'trained',
    startedAt: 1,
    run: defaultRun,
    data: 'pets',
    device: '',
    teacher: '',
    student: '',
    curves: { step: curve, total: curve, learningRate: curve, imagesPerSecond: curve },
    evaluations: [],
  };
  const tensors = new Blob([writeSafetensors({ weight: { shape: [1], data: Float32Array.of(12) } })]);
  const files = [{ path: 'pets/cat/1.jpg', file: new File(['1'], '1.jpg') }];
  const work: Work = {
    run: defaultRun,
    concepts: [],
    parts: [{ id: 'pets', files }],
    models: {},
    tensors: [],
    view: { view: undefined },
    trained: { student: { run: 'trained', step: 12, tensors }, run },
    runs: [],
  };
  await enter(work);
  expect(student.map(({ step }) => step)).toEqual([12, 12]);
  expect(store.getState()).toMatchObject({ phase: 'ready', runId: 'trained', metrics: { step: 12 } });
  expect(store.getState().evaluation?.step).toBe(12);
  expect((await engine.trainedStudent())?.step).toBe(12);
});

it('keeps a stored run that it can’t show and says why; one of an earlier version gets its defaults', async () => {
  const disk = createStore('runs', 'runs');
  const { shuffle, ...train } = defaultRun.train;
  const curve = Float64Array.of(1);
  const stored = (id: string, own: object) => ({
    id,
    startedAt: 1,
    run: { ...defaultRun, train: { ...train, ...own } },
    data: 'pets',
    device: '',
    teacher: '',
    student: '',
    curves: { step: curve, total: curve, learningRate: curve, imagesPerSecond: curve },
    evaluations: [],
  });
  const later = { ...stored('later', {}), version: 99 };
  for (const run of [stored('earlier', {}), stored('single', { batchSize: 1 }), later])
    await set(run.id, run, disk);
  await loadKept();
  const { runs, unread } = keptStore.getState();
  expect(runs.find(({ id }) => id === 'earlier')?.run.train.shuffle).toBe(shuffle);
  expect(unread.map(({ id }) => id)).toEqual(['later', 'single']);
  expect(unread[0].problem).toMatch(/pets.*newer version/);
  expect(unread[1].problem).toMatch(/train\.batchSize/);
  expect(await keys(disk)).toEqual(expect.arrayContaining(['later', 'single']));
  removeUnread();
  expect(keptStore.getState().unread).toEqual([]);
  await vi.waitFor(async () => expect(await keys(disk)).not.toContain('single'));
});

it('brings a stored comparison of whatever version back; a run that can’t be any more fails alone', async () => {
  const { shuffle, ...train } = defaultRun.train;
  const item = (own: object) => ({
    run: { ...defaultRun, train: { ...train, ...own } },
    values: [],
    seed: 0,
    state: 'running',
  });
  const stored = { axes: [], data: 'pets', items: [item({}), item({ batchSize: 1 })] };
  dropQueue();
  await set('queue', { ...stored, version: 99 });
  await recallQueue();
  expect(queueStore.getState().queue).toBeUndefined();
  expect(store.getState().problems.at(-1)).toMatchObject({
    isNotice: true,
    message: expect.stringMatching(/newer version of this page/),
  });
  expect(await get('queue')).toMatchObject({ version: 99 });
  await set('queue', stored);
  await recallQueue();
  const items = queueStore.getState().queue?.items ?? [];
  expect(items.map(({ state }) => state)).toEqual(['waiting', 'failed']);
  expect(items[0].run.train.shuffle).toBe(shuffle);
  expect(items[1].problem).toMatch(/train\.batchSize/);
  dropQueue();
});

it('sets the learning rate of a running run, notes it in its log, and waits for no restart', async () => {
  await open(() => ({}));
  await togglePlay();
  await vi.waitFor(() => expect(store.getState().metrics?.step).toBeGreaterThan(1), 5000);
  changeTrain({ learningRate: 0.01 });
  expect(isPending(store.getState())).toBe(false);
  await vi.waitFor(() => expect(store.getState().loadedRun.train.log).toHaveLength(1), 5000);
  const { loadedRun, phase } = store.getState();
  expect(phase).toBe('running');
  expect(loadedRun.train.log).toMatchObject([{ learningRate: 0.01 }]);
  changeTrain({ weightDecay: 0.3 });
  expect(isPending(store.getState())).toBe(true);
  await reset();
  expect(store.getState().loadedRun.train).toMatchObject({ learningRate: 0.01, weightDecay: 0.3 });
  expect(store.getState().loadedRun.train.log).toBeUndefined();
  await togglePlay();
});
