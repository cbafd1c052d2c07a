import { expect, it } from 'vitest';
import { parseAdaptRun } from '../../src/run/adaptSchema';
import { parseRun } from '../../src/run/schema';
import { flopOf } from '../../tools/paper/cost';
import { STUDENT, stageOne, stageTwo, TEACHER } from '../../tools/paper/plan';
import { hoursTable, type Result, resultTable } from '../../tools/paper/report';
import { researchSets } from '../../tools/paper/sets';

const models = { teacher: TEACHER, student: STUDENT };
const [imageNet] = researchSets;

it('makes run files that both commands take, of each of the eleven sets', () => {
  expect(researchSets).toHaveLength(11);
  for (const set of researchSets) {
    expect(parseAdaptRun(stageOne(models, '/data', 1), 'run')).toMatchObject({
      classes: 'base',
      dataOptions: { shots: 16, seed: 1 },
    });
    const run = parseRun(stageTwo('comkd', models, set, '/data', '/prompts.safetensors', 1), 'run');
    expect(run.train).toMatchObject({ parameters: 'prompts', optimizer: 'sgd', epochs: 20 });
    expect((run.loss.kdWeight ?? 0) * set.classes).toBeCloseTo(set.scale ?? 1000);
  }
});

it('has a line a method with its interval over the seeds, and what the paper says beside ComKD', () => {
  const result = (method: Result['method'], seed: number, share: number): Result => ({
    ...{ set: 'SUN397', method, seed },
    ...{ base: share, new: share, harmonicMean: share },
  });
  const page = resultTable([
    result('comkd', 0, 0.8),
    result('comkd', 1, 0.9),
    result('promptkd', 0, 0.7),
  ]).split('\n');
  expect(page.slice(2)).toEqual([
    '| SUN397, ComKD | 85.00 ± 63.55 | 85.00 ± 63.55 | 85.00 ± 63.55 | 2 | base 84.19, H 82.93 |',
    '| SUN397, PromptKD | 70.00 | 70.00 | 70.00 | 1 |  |',
  ]);
});

it('expects hours by operations: ImageNet takes nearly all, and distilling most of that', () => {
  const all = researchSets.reduce((sum, set) => sum + flopOf(set), 0);
  expect(flopOf(imageNet) / all).toBeGreaterThan(0.85);
  // By hand: 1.28 million images in 20 epochs, 162 GFLOP of the teacher and twice 35 of the student, by two methods.
  expect(flopOf(imageNet)).toBeGreaterThan(2 * 20 * 1.28e6 * 232e9);
  expect(flopOf(imageNet)).toBeLessThan(1.3 * 2 * 20 * 1.28e6 * 232e9);
  expect(hoursTable(researchSets).split('\n')).toHaveLength(14);
});
