import { expect, it } from 'vitest';
import type { Line, StudyResult } from '../../tools/study/lines';
import { keyOf, pretrainingOf, runsOf } from '../../tools/study/plan';
import { reportOf } from '../../tools/study/report';

const concepts = Array.from({ length: 600 }, (_, i) => `concept-${i}`);
const middling = { agreement: 0.5, base: 0.5, new: 0.5, harmonicMean: 0.5, teacherHarmonicMean: 0.9 };
const lines = (part: string, result: (row: string, seed: number) => Partial<StudyResult>): Line[] =>
  runsOf(part, 2, concepts).map((run) => ({
    ...run,
    key: keyOf(run),
    generation: 1,
    result: {
      ...{ ...middling, student: 0.5, teacher: 0.8, styles: { one: 0.5 }, seconds: 1 },
      ...result(run.row, run.seed),
    },
  }));

it('gives every seed concepts of its own, and a pretrained student others than any', () => {
  const [first, , , other] = runsOf('few-labels', 2, concepts).map(({ run }) => run.dataOptions);
  expect(first).toEqual(other);
  const own = runsOf('pretrained', 2, concepts).map(({ run }) => JSON.stringify(run.dataOptions));
  expect(new Set(own).size).toBe(2);
  const before = JSON.stringify(pretrainingOf('pretrained', concepts)?.run.dataOptions).match(/concept-\d+/g);
  expect(before).toHaveLength(200);
  expect(
    own
      .join()
      .match(/concept-\d+/g)
      ?.filter((concept) => before?.includes(concept)),
  ).toEqual([]);
  expect(() => runsOf('base-to-new', 7, concepts)).toThrow('at most 6');
});

it('tells what parts add, what Stage I gains and what is forgotten, and what was not run', () => {
  const few = lines('few-labels', (row, seed) => ({
    student: (row === 'comkd-without-ifalign' ? 0.3 : 0.5) + seed / 100,
    alpha: 0.01,
  }));
  const adapted = lines('stage-one', (_, seed) => ({ student: 0.6 + seed / 100, teacher: 0.9 }));
  const pretrained = lines('pretrained', () => ({ elsewhere: { before: 0.4, after: 0.1 } }));
  const page = reportOf([...few, ...adapted, ...pretrained]).get('README.md') ?? '';
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
