import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { complete } from '../../tools/study/complete';
import { studyConcepts } from '../../tools/study/concepts';
import type { Line } from '../../tools/study/lines';
import { runsOf } from '../../tools/study/plan';
import { reportOf } from '../../tools/study/report';

const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'study-'));
afterAll(() => fs.rmSync(temporary, { recursive: true }));

/** Two rows with two seeds, of two steps on few concepts. */
async function tinyStudy() {
  const { reported } = await studyConcepts();
  const runs = runsOf('base-to-new', 2, reported, new Map());
  const chosen = runs.filter(({ row }) => ['comkd', 'none'].includes(row));
  return chosen.map(({ run, asked = [], ...study }) => ({
    ...study,
    run: { ...run, dataOptions: { classes: asked.slice(0, 8) }, train: { steps: 2, seed: study.seed } },
    asked: asked.slice(0, 12),
  }));
}

/** But for how long they took. */
const outcomes = (lines: readonly Line[]) =>
  lines.map(({ result, ...line }) => ({ ...line, result: { ...result, seconds: 0 } }));

it('a study that is killed goes on to the lines of one that is not', async () => {
  const runs = await tinyStudy();
  const options = { isAnew: false, processes: 1, onProgress: () => undefined };
  const whole = path.join(temporary, 'whole.jsonl');
  const lines = await complete(whole, runs, options);
  expect(lines.map(({ row, seed }) => `${row} ${seed}`)).toEqual(['comkd 0', 'none 0', 'comkd 1', 'none 1']);

  const killed = path.join(temporary, 'killed.jsonl');
  const [first] = fs.readFileSync(whole, 'utf8').split('\n');
  fs.writeFileSync(killed, `${first}\n${first.slice(0, 100)}`);
  const done: number[] = [];
  const resumed = await complete(killed, runs, {
    ...options,
    onProgress: ({ done: runs }) => done.push(runs),
  });
  expect(done, 'the first is not made again').toEqual([2, 3, 4]);
  expect(outcomes(resumed)).toEqual(outcomes(lines));

  const report = reportOf(lines, []);
  expect([...report.keys()]).toEqual(['README.md', 'base-to-new.svg']);
  const row = /\| Student alone \| (\d+\.\d) ± (\d+\.\d) /.exec(report.get('README.md') ?? '');
  const [a, b] = lines.filter((line) => line.row === 'none').map(({ result }) => 100 * result.base);
  expect(Number(row?.[1])).toBeCloseTo((a + b) / 2, 1);
  expect(Number(row?.[2]), 't of one degree of freedom').toBeCloseTo((12.71 * Math.abs(a - b)) / 2, 0);
});
