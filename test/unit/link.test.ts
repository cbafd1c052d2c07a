import { deflateSync } from 'fflate';
import { describe, expect, it } from 'vitest';
import { readLink } from '../../src/page/share/link';
import { demoRun } from '../../src/run/demo';
import { decodeRun, encodeRun } from '../../src/run/link';
import { parseRun } from '../../src/run/schema';

const raw = [
  {},
  demoRun,
  { student: 'folder', train: { parameters: 'full' } },
  { student: { config: { vision_config: { hidden_size: 64 } }, seed: 3 }, loss: { ifAlign: false } },
  { method: 'promptkd', data: 'Fotos/Ölbilder', train: { steps: 9, optimizer: 'sgd', weightDecay: 0 } },
];

describe('link', () => {
  it.each(raw)('brings back the run %j', (given) => {
    const run = parseRun(given, 'test');
    const fragment = encodeRun(run);
    expect(fragment).toMatch(/^#run=[\w-]*$/);
    expect(decodeRun(fragment)).toEqual(run);
  });

  it('is short for the demo', () => {
    expect(encodeRun(parseRun(demoRun, 'test')).length).toBeLessThan(400);
  });

  it('stops at the first megabyte of a link that unpacks to very much', () => {
    const link = (bytes: Uint8Array) => `#run=${Buffer.from(bytes).toString('base64url')}`;
    const bomb = link(deflateSync(new Uint8Array(2 ** 26), { level: 9 }));
    const start = performance.now();
    expect(() => decodeRun(bomb)).toThrow(/^The link holds far more than a run/);
    expect(() => decodeRun(`#run=${'A'.repeat(2 ** 18)}`)).toThrow(/^The link holds far more than a run/);
    expect(performance.now() - start).toBeLessThan(1000);
    const long = { train: { batchSize: 8 }, data: 'x'.repeat(2 ** 18) };
    const packed = link(deflateSync(new TextEncoder().encode(JSON.stringify(long))));
    expect(() => decodeRun(packed)).toThrow(/^The link: data: a text of at most 4,096 letters is allowed/);
  });

  it('tells other fragments and damage apart', () => {
    expect(decodeRun('')).toBeUndefined();
    expect(decodeRun('#dark')).toBeUndefined();
    const fragment = encodeRun(parseRun(demoRun, 'test'));
    expect(() => decodeRun(fragment.slice(0, -8))).toThrow(/The link is damaged/);
    expect(() => decodeRun('#run=%%')).toThrow(/The link is damaged/);
  });
});

it('takes the concepts of a run file on the demo, which the page has beside its run', () => {
  const run = parseRun({ dataOptions: { classes: ['owl', 'fox'], labelsPerClass: 1 } }, 'run.json');
  const linked = readLink(encodeRun(run));
  expect(linked?.concepts).toEqual(['owl', 'fox']);
  expect(linked?.run.dataOptions).toEqual({ labelsPerClass: 1 });
  expect(readLink(`${encodeRun(run)}&concepts=bee`)?.concepts).toEqual(['bee']);
});
