import { describe, expect, it } from 'vitest';
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

  it('tells other fragments and damage apart', () => {
    expect(decodeRun('')).toBeUndefined();
    expect(decodeRun('#dark')).toBeUndefined();
    const fragment = encodeRun(parseRun(demoRun, 'test'));
    expect(() => decodeRun(fragment.slice(0, -8))).toThrow(/The link is damaged/);
    expect(() => decodeRun('#run=%%')).toThrow(/The link is damaged/);
  });
});
