import { beforeEach, describe, expect, it } from 'vitest';
import { editInWords } from '../../src/page/describeRun';
import { withoutDropped } from '../../src/page/share/work';
import {
  applied,
  beginGesture,
  editsStore,
  lastHolding,
  record,
  unrecorded,
} from '../../src/page/undo/edits';
import { demoRun } from '../../src/run/demo';
import { readManifest, writeManifest } from '../../src/run/distillery';
import { parseRun, type Run, runSchema } from '../../src/run/schema';

describe('the list of contents of a .distillery file', () => {
  const manifest = {
    run: parseRun({ train: { batchSize: 12 } }, 'test'),
    edited: parseRun({ method: 'promptkd' }, 'test'),
    concepts: ['a', 'b'],
    parts: [{ files: true as const }, { hub: 'owner/name' }],
    teacherPrecision: 'float16' as const,
    view: { box: 'edu' },
    trained: { step: 7, runId: 'x' },
  };

  it('comes back as it was written', () => {
    expect(readManifest(JSON.parse(writeManifest(manifest)), 'a.distillery')).toEqual(manifest);
  });

  it.each([
    [{ format: 'other' }, /a\.distillery: format: expected "clip-distillery"/],
    [{ version: 2 }, /a\.distillery was saved by a newer clip-distillery \(version 2, this page reads 1\)/],
    [{ run: { train: { steps: -1 } } }, /a\.distillery: run: train\.steps/],
    [{ parts: [{ folder: '../..' }] }, /a\.distillery: parts\.0/],
    [{ trained: { step: 0, runId: 'x' } }, /a\.distillery: trained\.step/],
  ])('is refused with %j', (wrong, words) => {
    const raw = { ...JSON.parse(writeManifest(manifest)), ...wrong };
    expect(() => readManifest(raw, 'a.distillery')).toThrow(words);
  });
});

describe('a run in a link', () => {
  it('has the demo’s in place of what was dropped, and of a student cut from a dropped teacher', () => {
    const run = parseRun({ teacher: 'mine', student: { from: 'teacher', layers: 2 }, data: 'pets' }, 'test');
    const dataOptions = { testShare: 0.2 };
    const shared = withoutDropped(
      { ...run, dataOptions },
      { data: true, teacher: true, student: false, tensors: true },
    );
    expect(shared).toMatchObject({ teacher: 'demo', data: 'demo', student: { config: {} } });
    expect(shared.dataOptions).toEqual(demoRun.dataOptions);
    const hub = withoutDropped(
      { ...run, dataOptions },
      { data: false, teacher: false, student: false, tensors: false },
    );
    expect(hub).toEqual({ ...run, dataOptions });
  });
});

describe('edits of settings', () => {
  const base = runSchema.parse({});
  const settings = (run: Run, concepts = ['a']) => ({ run, concepts });
  const rate = (learningRate: number): Run => ({ ...base, train: { ...base.train, learningRate } });
  const temperature = (run: Run, temperature: number): Run => ({
    ...run,
    loss: { ...run.loss, temperature },
  });

  beforeEach(() => {
    editsStore.setState({ past: [], future: [] });
    beginGesture();
  });

  it('of one drag are one, and none where it ends where it began', () => {
    record(settings(rate(1)), settings(rate(2)));
    record(settings(rate(2)), settings(rate(3)));
    expect(editsStore.getState().past).toMatchObject([
      { before: settings(rate(1)), after: settings(rate(3)) },
    ]);
    record(settings(rate(3)), settings(rate(1)));
    expect(editsStore.getState().past).toEqual([]);
    record(settings(rate(1)), settings(rate(2)));
    beginGesture();
    record(settings(rate(2)), settings(rate(3)));
    expect(editsStore.getState().past).toHaveLength(2);
  });

  it('are not data, models, nor what is unrecorded', () => {
    record(settings(base), settings({ ...base, data: 'pets', teacher: 'mine', student: 'small' }));
    unrecorded(() => record(settings(rate(1)), settings(rate(2))));
    expect(editsStore.getState().past).toEqual([]);
  });

  it('are taken back alone: what else was changed stays', () => {
    const [before, after] = [settings(rate(1)), settings(rate(2))];
    const now = settings({ ...temperature(rate(2), 4), data: 'pets' }, ['b']);
    expect(applied(now, after, before)).toEqual(
      settings({ ...temperature(rate(1), 4), data: 'pets' }, ['b']),
    );
  });

  it('that no longer hold are passed over', () => {
    record(settings(base), settings(temperature(base, 4)));
    beginGesture();
    record(settings(temperature(base, 4)), settings(temperature(rate(2), 4)));
    const { past } = editsStore.getState();
    expect(lastHolding(past, settings(temperature(rate(2), 4)), 'after')).toBe(1);
    expect(lastHolding(past, settings(temperature(rate(3), 4)), 'after')).toBe(0);
    expect(lastHolding(past, settings(rate(3)), 'after')).toBe(-1);
  });

  it('have words', () => {
    const off = { ...base, loss: { ...base.loss, ifAlign: false } };
    expect(editInWords(base, off)).toBe('IFAlign off');
    expect(editInWords(off, base)).toBe('IFAlign on');
    expect(editInWords(rate(0.001), rate(0.01))).toBe('learning rate 0.001 → 0.01');
    const many = { ...off, method: 'none' as const, train: { ...off.train, batchSize: 4, seed: 3 } };
    expect(editInWords(base, many)).toBe('4 settings');
  });
});
