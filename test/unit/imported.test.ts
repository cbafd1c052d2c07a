import { describe, expect, it } from 'vitest';
import { readRuns } from '../../src/page/runs/importRuns';
import { keep, keepImported, keptStore, MOST_RUNS } from '../../src/page/runs/kept';
import type { KeptRun } from '../../src/page/runs/stored';
import { linkedAddress } from '../../src/page/share/linkedAddress';
import { demoRun } from '../../src/run/demo';
import { parseRun } from '../../src/run/schema';

const plain = {
  run: parseRun(demoRun, 'test'),
  ...{ data: 'the demo', device: 'a device', teacher: 'a teacher', student: 'a student', evaluations: [] },
};
const empty = new Float64Array();
const curves = { step: empty, total: empty, learningRate: empty, imagesPerSecond: empty };
const run = (id: string, startedAt: number): KeptRun => ({ ...plain, id, startedAt, curves });
const year3000 = Date.UTC(3000, 0);

describe('imported runs', () => {
  it('never push out those that are here, whatever their dates, and never take their place', () => {
    for (let i = 0; i < MOST_RUNS - 5; i++) keep(run(`own ${i}`, i));
    const imported = Array.from({ length: 200 }, (_, i) => run(`theirs ${i}`, year3000 + i));
    expect(keepImported([{ ...run('own 0', year3000), name: 'forged' }, ...imported])).toBe(195);
    const { runs } = keptStore.getState();
    expect(runs.filter(({ id }) => id.startsWith('own'))).toHaveLength(MOST_RUNS - 5);
    expect(runs.find(({ id }) => id === 'own 0')?.name).toBeUndefined();
    expect(runs).toHaveLength(MOST_RUNS);
  });

  it('have names that can be shown', async () => {
    const figures = { step: [], total: [], learningRate: [], imagesPerSecond: [] };
    const runs = [
      { ...plain, id: 'a', startedAt: 1, curves: figures, name: 'x'.repeat(100_000) },
      { ...plain, id: 'b', startedAt: 1, curves: figures },
      { ...plain, id: 'c', startedAt: 1e300, curves: figures },
      { ...plain, id: 'd', startedAt: 1, curves: figures, data: 'x'.repeat(100_000) },
    ];
    const text = JSON.stringify({ format: 'clip-distillery runs', version: 1, runs });
    const read = await readRuns(new File([text], 'runs.json'));
    expect(read.runs.map(({ id }) => id)).toEqual(['b']);
    expect(read.problems).toEqual([
      'runs.json, run 1: name: a text of at most 300 letters is allowed.',
      'runs.json, run 3: startedAt: at most 8,640,000,000,000,000 is allowed.',
      'runs.json, run 4: data: a text of at most 4,096 letters is allowed.',
    ]);
  });
});

describe('the address that a link asks to open', () => {
  const here = 'https://someone.github.io/clip/';

  it.each([
    'http://localhost:8080/x',
    'http://127.0.0.1/x',
    'http://192.168.1.1/reboot',
    'http://10.0.0.7/x',
    'http://172.20.0.1/x',
    'http://169.254.169.254/latest/meta-data',
    'http://printer.local/x',
    'http://[::1]/x',
    'http://[::ffff:7f00:1]/x',
    'http://2130706433/x',
    'http://0x7f.1/x',
  ])('may not be in the network of who follows it: %s', (place) => {
    expect(() => linkedAddress(place, here)).toThrow(/which is in your own network/);
  });

  it.each(['javascript:alert(1)', 'file:///etc/passwd', 'data:text/plain,x', 'blob:https://a/b', 'http://'])(
    'is one of the web, not %s',
    (place) => {
      expect(() => linkedAddress(place, here)).toThrow(/is no web address/);
    },
  );

  it('may be relative, elsewhere, or beside a page on this machine', () => {
    expect(linkedAddress('lecture.distillery', here).href).toBe(`${here}lecture.distillery`);
    expect(linkedAddress('https://example.org/a', here).href).toBe('https://example.org/a');
    expect(linkedAddress('http://localhost:9/a', 'http://127.0.0.1:5000/').href).toBe('http://localhost:9/a');
  });
});
