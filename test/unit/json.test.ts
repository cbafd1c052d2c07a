import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { parseJson, readJson } from '../../src/files/json';

const schema = z.strictObject({
  student: z
    .union([
      z.string(),
      z.strictObject({ config: z.record(z.string(), z.unknown()), seed: z.int().default(0) }),
    ])
    .default('demo'),
  loss: z.strictObject({ reduction: z.enum(['mean', 'sum']).default('mean') }).prefault({}),
  train: z
    .strictObject({ steps: z.int().positive().optional(), rates: z.array(z.number()).default([]) })
    .optional(),
});

describe('reading JSON', () => {
  it('fills in defaults', () => {
    expect(parseJson(schema, {}, 'run.json')).toEqual({ student: 'demo', loss: { reduction: 'mean' } });
  });

  it.each([
    [{ lss: {} }, 'run.json: lss is not a known key; allowed here: student, loss, train.'],
    [{ train: { stps: 4 } }, 'run.json: train.stps is not a known key; allowed here: steps, rates.'],
    [{ loss: { reduction: 'max' } }, 'run.json: loss.reduction: expected one of "mean"|"sum".'],
    [{ train: { steps: 0.5 } }, 'run.json: train.steps: expected int, received number.'],
    [{ train: { rates: [1, 'x'] } }, 'run.json: train.rates.1: expected number, received string.'],
    [
      { student: 3 },
      'run.json: student: expected string, received number, or expected object, received number.',
    ],
    [{ student: { config: {}, seed: 'x' } }, 'run.json: student.seed: expected number, received string.'],
    [
      { student: { config: {}, sed: 1 } },
      'run.json: student.sed is not a known key; allowed here: config, seed.',
    ],
    [[], 'run.json: expected object, received array.'],
  ])('refuses %j with the key and what is allowed', (value, message) => {
    expect(() => parseJson(schema, value, 'run.json')).toThrow(message);
  });

  it('names the file that is not JSON', async () => {
    await expect(readJson(new Blob(['']), 'a/run.json')).rejects.toThrow(
      'a/run.json is not valid JSON: the file is empty.',
    );
    await expect(readJson(new Blob(['{"a" 1}']), 'run.json')).rejects.toThrow('run.json is not valid JSON: ');
  });
});
