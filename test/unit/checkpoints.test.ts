import { afterEach, describe, expect, it, vi } from 'vitest';
import { memoryStore } from '../../src/files/memoryStore';
import { readSafetensors } from '../../src/files/safetensors';
import type { FileStore } from '../../src/files/storage';
import { readRun } from '../../src/page/runs/importRuns';
import { fingerprint } from '../../src/worker/fingerprint';
import { removeRun, stoppedRun } from '../../src/worker/stoppedRuns';
import { evaluation, metrics } from './sampleMetrics';
import { birds, keepable, setUpCheckpoints } from './setUpCheckpoints';

afterEach(() => vi.restoreAllMocks());

describe('checkpoints of the page', () => {
  it('hold all that it takes to go on: weights, curves, evaluations, settings, and what was dropped', async () => {
    const { store, checkpoints, begin, hear, step } = setUpCheckpoints();
    begin('one');
    step();
    hear({ type: 'evaluation', evaluation: evaluation(1, 0.5) });
    hear({ type: 'step', metrics: { ...metrics(2), total: Number.NaN } });
    await checkpoints.write();
    checkpoints.setLog([{ step: 1, learningRate: 0.5 }]);
    step();
    await checkpoints.write();
    const stopped = await stoppedRun(store);
    expect(stopped).toMatchObject({
      student: { run: 'one', step: 2 },
      manifest: { run: { train: { steps: 20, log: [{ step: 1 }] } }, parts: [{ files: true }] },
      record: { id: 'one', data: 'birds', device: 'WebAssembly, 4 threads', evaluations: [{ step: 1 }] },
      dropped: [{ what: 'data', name: 'birds', files: 2, fingerprint: await fingerprint(birds) }],
    });
    expect(stopped?.record['curves']).toMatchObject({ step: [1, 2], total: [1, 0.5] });
    const { weight } = await readSafetensors(stopped?.student.tensors ?? new Blob(), 'it');
    expect(weight.data).toEqual(Float32Array.of(0, 2));
  });

  it('go on with what a run had shown before, and with a run of its own after a reset', async () => {
    const { store, run, checkpoints, begin, step } = setUpCheckpoints();
    const curves = { step: Float64Array.of(1, 2, 3), total: Float64Array.of(9, 8, 7) };
    begin('one', { startedAt: 5, curves, evaluations: [] }, 2);
    await checkpoints.write();
    expect(await stoppedRun(store)).toBeUndefined();
    step();
    await checkpoints.write();
    expect((await stoppedRun(store))?.record).toMatchObject({
      startedAt: 5,
      curves: { total: [9, 8, metrics(3).total] },
    });
    Object.assign(run, { id: 'two', step: 0 });
    checkpoints.beginAnew('two');
    step();
    await checkpoints.write();
    expect((await stoppedRun(store))?.record).toMatchObject({ id: 'two', curves: { step: [1] } });
    expect((await stoppedRun(store, 'one'))?.student.step).toBe(3);
  });

  it('are there, with curves that have gaps, after so many steps that not all values have room', async () => {
    const { store, checkpoints, begin, step } = setUpCheckpoints();
    const steps = 250_000;
    const names = Object.keys(metrics(1));
    const values = Float64Array.from({ length: steps }, (_, i) => Math.sqrt(i + 1));
    const curves = Object.fromEntries(names.map((name) => [name, values]));
    begin(
      'one',
      { startedAt: 5, evaluations: [], curves: { ...curves, step: values.map((_, i) => i + 1) } },
      steps,
    );
    step();
    await checkpoints.write();
    const stopped = await stoppedRun(store);
    const { total } = readRun({ ...stopped?.record, run: stopped?.manifest.run }, 'it').curves;
    expect(total).toHaveLength(steps + 1);
    expect([total[steps], total[steps - 6]]).toEqual([metrics(steps + 1).total, values[steps - 6]]);
    expect(total[steps - 1]).toBeNaN();
  });

  it('come by themselves after seconds of training, on pause and at the end, and never of an earlier run', async () => {
    const { store, checkpoints, begin, hear, step, snapshots } = setUpCheckpoints();
    const now = vi.spyOn(performance, 'now').mockReturnValue(1000);
    const stored = async () => (await stoppedRun(store))?.student.step;
    begin('one');
    hear({ type: 'state', state: 'running' });
    step();
    now.mockReturnValue(10_000);
    step();
    await expect.poll(stored).toBe(2);
    step();
    now.mockReturnValue(10_900);
    step();
    hear({ type: 'state', state: 'paused' });
    await expect.poll(stored).toBe(4);
    step();
    hear({ type: 'state', state: 'finished' });
    await expect.poll(stored).toBe(5);
    expect(await store.names()).toHaveLength(3);
    expect(snapshots()).toBe(3);
    checkpoints.begin(keepable('two'));
    await checkpoints.write();
    expect(await stoppedRun(store, 'two')).toBeUndefined();
  });

  it('bring back a teacher and prompts that were made on the page, whole', async () => {
    const { store, checkpoints, step, run } = setUpCheckpoints();
    const [teacher, prompts] = ['my teacher.zip', 'my prompts.safetensors'].map((path) => ({
      path,
      file: new File([path], path),
    }));
    checkpoints.begin({ ...keepable('one'), models: { teacher: [teacher] }, tensors: [prompts] });
    step();
    await checkpoints.write();
    const storedOf = async (what: string) =>
      (await stoppedRun(store))?.dropped.find((thing) => thing.what === what)?.stored;
    expect(await (await storedOf('teacher'))?.file.text()).toBe('my teacher.zip');
    expect(await storedOf('tensors')).toMatchObject({ path: 'my prompts.safetensors' });
    expect(await storedOf('data')).toBeUndefined();
    const name = (await store.names()).find((one) => one.includes('given')) ?? '';
    await (await store.append(name, 3)).close();
    expect(await storedOf('teacher')).toBeUndefined();
    await removeRun(store, run.id);
    expect(await store.names()).toEqual([]);
  });

  it('hold no weights that are no numbers', async () => {
    const { store, run, checkpoints, begin, step } = setUpCheckpoints();
    begin('one');
    step();
    await checkpoints.write();
    run.weight = Number.NaN;
    step();
    await checkpoints.write();
    expect((await stoppedRun(store))?.student.step).toBe(1);
  });

  it('are kept of the last three runs, and a damaged one makes way for the one before', async () => {
    const { store, checkpoints, begin, step } = setUpCheckpoints();
    const clock = vi.spyOn(Date, 'now');
    for (const [i, id] of ['a/b', 'two', 'three', 'four'].entries()) {
      clock.mockReturnValue(i);
      begin(id);
      for (let n = 0; n < 3; n++) {
        step();
        await checkpoints.write();
      }
    }
    const names = await store.names();
    expect(names).toHaveLength(9);
    expect(await stoppedRun(store, 'a/b')).toBeUndefined();
    const last = names.find((name) => name.startsWith('four.step-3')) ?? '';
    const file = await store.append(last, 100);
    await file.close();
    expect((await stoppedRun(store))?.student).toMatchObject({ run: 'four', step: 2 });
    await removeRun(store, 'four');
    expect((await stoppedRun(store))?.student).toMatchObject({ run: 'three', step: 3 });
  });

  it('leave moments that lie evenly over the run, as many as there is room for', async () => {
    const store = memoryStore();
    const spacious: FileStore = { ...store, room: async () => 1e9 };
    const { moments, checkpoints, begin, step } = setUpCheckpoints(spacious);
    begin('one');
    for (let n = 0; n < 200; n++) {
      step();
      await checkpoints.write();
    }
    const steps = moments();
    expect(steps).toHaveLength(32);
    expect([steps[0], ...steps.slice(-2)]).toEqual([1, 199, 200]);
    const gaps = steps.slice(1, -1).map((one, i) => one - steps[i]);
    expect(Math.max(...gaps)).toBeLessThanOrEqual(4 * Math.max(1, Math.floor(200 / 32)));
    expect(await checkpoints.studentAt(1)).toMatchObject({ run: 'one', step: 1 });
    await expect(checkpoints.studentAt(201)).rejects.toThrow('after step 201 is no longer kept');

    const narrow = setUpCheckpoints({ ...store, room: async () => 100 });
    narrow.begin('two');
    for (let n = 0; n < 4; n++) {
      narrow.step();
      await narrow.checkpoints.write();
    }
    expect(narrow.moments()).toEqual([3, 4]);
  });

  it('say once that the storage is full, and leave nothing behind; training goes on', async () => {
    const store = memoryStore();
    let isFull = true;
    const full: FileStore = {
      ...store,
      append: async (name, keep) => {
        const file = await store.append(name, keep);
        const write = async (bytes: Uint8Array<ArrayBuffer>) => {
          if (isFull) throw new DOMException('no', 'QuotaExceededError');
          await file.write(bytes);
        };
        return { ...file, write };
      },
      room: async () => 3e6,
    };
    vi.spyOn(console, 'warn').mockReturnValue();
    const { said, checkpoints, begin, step } = setUpCheckpoints(full);
    begin('one');
    for (let i = 0; i < 3; i++) {
      step();
      await checkpoints.write();
    }
    expect(said).toEqual([
      expect.stringMatching(/storage is full \(3 MB are left\).*Models.*Training goes on/),
    ]);
    expect(await store.names()).toEqual([]);
    isFull = false;
    step();
    await checkpoints.write();
    expect((await stoppedRun(store))?.student.step).toBe(4);
  });
});
