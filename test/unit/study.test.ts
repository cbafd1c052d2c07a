import { expect, it } from 'vitest';
import type { Line, StudyResult } from '../../tools/study/lines';
import { keyOf, pretrainingOf, runsOf, type StudyRun, trialsOf } from '../../tools/study/plan';
import { reportOf } from '../../tools/study/report';
import { chosenRates } from '../../tools/study/tuning';

const concepts = Array.from({ length: 600 }, (_, i) => `concept-${i}`);
const result: StudyResult = {
  ...{ student: 0.5, teacher: 0.8, agreement: 0.5, styles: { one: 0.5 }, seconds: 1 },
  ...{ base: 0.5, new: 0.5, harmonicMean: 0.5, teacherHarmonicMean: 0.9 },
};
const lineOf = (run: StudyRun): Line => ({ ...run, key: keyOf(run), generation: 1, result });
const lines = (part: string, change: (row: string, seed: number) => Partial<StudyResult>): Line[] =>
  runsOf(part, 2, concepts, new Map()).map((run) => ({
    ...lineOf(run),
    result: { ...result, ...change(run.row, run.seed) },
  }));

it('gives every seed concepts of its own, and a pretrained student others than any', () => {
  const [first, , , other] = runsOf('few-labels', 2, concepts, new Map()).map(({ run }) => run.dataOptions);
  expect(first).toEqual(other);
  const own = runsOf('pretrained', 2, concepts, new Map()).map(({ run }) => JSON.stringify(run.dataOptions));
  expect(new Set(own).size).toBe(2);
  const before = JSON.stringify(pretrainingOf('pretrained', concepts)?.run.dataOptions).match(/concept-\d+/g);
  expect(before).toHaveLength(200);
  expect(
    own
      .join()
      .match(/concept-\d+/g)
      ?.filter((concept) => before?.includes(concept)),
  ).toEqual([]);
  expect(() => runsOf('base-to-new', 7, concepts, new Map())).toThrow('at most 6');
});

it('tells what parts add, what Stage I gains and what is forgotten, and what was not run', () => {
  const few = lines('few-labels', (row, seed) => ({
    student: (row === 'comkd-without-ifalign' ? 0.3 : 0.5) + seed / 100,
    alpha: 0.01,
  }));
  const adapted = lines('stage-one', (_, seed) => ({ student: 0.6 + seed / 100, teacher: 0.9 }));
  const pretrained = lines('pretrained', () => ({ elsewhere: { before: 0.4, after: 0.1 } }));
  const page = reportOf([...few, ...adapted, ...pretrained], []).get('README.md') ?? '';
  expect(page).toContain(
    '| IFAlign, beside EduAttention and refinement | +20.0 ± 0.0 over 2 seeds: more than chance |',
  );
  expect(page).toContain(
    '| EduAttention, beside IFAlign and refinement | 0.0 ± 0.0 over 2 seeds: may be chance |',
  );
  expect(page).toContain(
    '| the teacher | 80.0 ± 0.0 | 90.0 ± 0.0 | +10.0 ± 0.0 over 2 seeds: more than chance |',
  );
  expect(page).toMatch(/\| ComKD, the whole student \|.* 40\.0 ± 0\.0 \| 10\.0 ± 0\.0 \| 30\.0 ± 0\.0 \|/);
  expect(page).toContain('*Base-to-new* (`--only base-to-new`).');
});

it('gives every method the same trials on concepts of their own, and its runs the best of their learning rates', () => {
  const validation = ['one', 'other'];
  const trials = trialsOf('pretrained', validation);
  expect(trials.map(({ row }) => row)).toEqual(
    ['comkd', 'promptkd', 'none'].flatMap((row) => Array(4).fill(row)),
  );
  const results = [0.1, 0.4, 0.4, 0.2];
  const made = trials.map((run, i) => ({ ...lineOf(run), result: { ...result, student: results[i % 4] } }));
  const rates = chosenRates('pretrained', validation, made);
  expect([...rates.values()]).toEqual([0.0015, 0.0015, 0.0015]);
  expect(
    runsOf('pretrained', 1, concepts, new Map([['none', 0.006]])).map(({ run }) => run.train),
  ).toMatchObject([0.0015, 0.0015, 0.006, 0.0015, 0.0015, 0.0015].map((learningRate) => ({ learningRate })));
  const page = reportOf(made, validation).get('README.md');
  expect(page).toContain('| PromptKD | 10.0 | **40.0** | 40.0 | 20.0 |');
});
