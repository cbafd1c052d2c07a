import { describe, expect, it } from 'vitest';
import { differenceInWords } from '../../src/page/describeRun';
import { copyOf, curvesOf, History } from '../../src/page/history';
import { estimate, imagesOf, imagesPerSecondOf } from '../../src/page/runs/duration';
import { waiting } from '../../src/page/runs/queue';
import { combine } from '../../src/page/runs/ranking';
import type { KeptRun } from '../../src/page/runs/stored';
import { ablation, listed, plan, sweepable } from '../../src/page/runs/sweep';
import { comparisonHtml, comparisonSvg } from '../../src/run/comparison';
import { demoRun } from '../../src/run/demo';
import { type Run, runSchema } from '../../src/run/schema';
import { estimate as estimateOf, leastTold, tQuantile } from '../../src/run/statistics';

const base = runSchema.parse(demoRun);
const withLoss = (loss: Partial<Run['loss']>): Run => ({ ...base, loss: { ...base.loss, ...loss } });
const columns = (lists: Record<string, number[]>) =>
  curvesOf(Object.keys(lists), (name) => Float64Array.from(lists[name]));
const keptRun = (of: Partial<KeptRun>): KeptRun => ({
  id: 'one',
  startedAt: 0,
  run: base,
  data: 'cats',
  device: 'a laptop',
  teacher: 'big',
  student: 'small',
  curves: {},
  evaluations: [],
  ...of,
});
const withTrain = (train: Partial<Run['train']>): Run => ({ ...base, train: { ...base.train, ...train } });

describe('the difference in words', () => {
  it('says what is otherwise and what it was', () => {
    const run = {
      ...withTrain({ learningRate: 0.001, steps: 1000 }),
      loss: { ...base.loss, ifAlign: false },
    };
    const { learningRate, steps } = base.train;
    expect(differenceInWords(run, base)).toBe(
      `without IFAlign; learning rate 0.001 instead of ${learningRate}; 1,000 steps instead of ${steps}`,
    );
    expect(differenceInWords(base, run)).toContain('with IFAlign; ');
  });

  it('is nothing where nothing differs, also where a default is written out', () => {
    expect(differenceInWords(base, structuredClone(base))).toBe('');
    expect(differenceInWords(withTrain({ parameters: 'full' }), withTrain({ parameters: undefined }))).toBe(
      '',
    );
  });

  it('knows every setting by a name or by its path', () => {
    expect(differenceInWords({ ...base, method: 'promptkd' }, base)).toBe('PromptKD instead of ComKD');
    expect(
      differenceInWords({ ...base, student: { from: 'teacher', layers: 2, pick: 'spread' } }, base),
    ).toBe('another student');
    expect(differenceInWords({ ...base, dataOptions: { shots: 4 } }, base)).toBe('data read otherwise');
    expect(differenceInWords(withTrain({ epochs: 3, steps: undefined }), withTrain({ steps: 50 }))).toBe(
      'none steps instead of 50; epochs 3 instead of none',
    );
  });
});

describe('a comparison', () => {
  it('is the paper’s grid without what leaves nothing to learn from', () => {
    const { runs, leftOut, same, problems } = plan(withLoss({ ifAlign: false }), ablation, ['0']);
    expect(problems).toEqual([]);
    expect(leftOut).toHaveLength(2);
    expect(same).toEqual([
      'IFAlign on, EduAttention off, Refinement off is the same as IFAlign on, EduAttention on, Refinement off',
    ]);
    expect(runs.map(({ values }) => values.join())).toEqual([
      'on,on,on',
      'on,on,off',
      'on,off,on',
      'off,on,on',
      'off,off,on',
    ]);
    expect(runs[4].run.loss).toMatchObject({ ifAlign: false, eduAttention: false, refine: true });
  });

  it('trains EduAttention without refinement where the heads begin with one', () => {
    expect(plan({ ...base, heads: 'heads.safetensors' }, ablation, ['0']).runs).toHaveLength(6);
  });

  it('trains once what a setting changes nothing of', () => {
    const axis = {
      setting: sweepable.find(({ label }) => label === 'Weight of IFAlign') ?? sweepable[0],
      values: ['1', '2'],
    };
    expect(plan(withLoss({ ifAlign: true }), [axis], ['0', '1']).runs).toHaveLength(4);
    const { runs, same } = plan(withLoss({ ifAlign: false }), [axis], ['0', '1']);
    expect(runs.map(({ seed }) => seed)).toEqual([0, 1]);
    expect(same).toEqual(['Weight of IFAlign 2 is the same as Weight of IFAlign 1']);
  });

  it('takes every pair of values once with each seed', () => {
    const [rate, batch] = sweepable;
    const axes = [
      { setting: rate, values: ['0.001', '0.002'] },
      { setting: batch, values: ['8', '16'] },
    ];
    const { runs } = plan(base, axes, ['0', '7']);
    expect(runs).toHaveLength(8);
    expect(runs[3]).toMatchObject({
      values: ['0.001', '16'],
      seed: 7,
      run: { train: { learningRate: 0.001, batchSize: 16, seed: 7 } },
    });
  });

  it.each([
    ['Learning rate', '-1', /Learning rate -1: train.learningRate: .*>0/],
    ['Learning rate', 'fast', /“fast” is no number/],
    ['Batch size', '1', /Batch size 1: train.batchSize: .*>=2/],
    ['Method', 'magic', /Method: .*"comkd"/],
  ])('says what is wrong with %s %s', (label, value, message) => {
    const setting = sweepable.find((one) => one.label === label) ?? sweepable[0];
    const { runs, problems } = plan(base, [{ setting, values: [value] }], ['0']);
    expect(runs).toEqual([]);
    expect(problems.join()).toMatch(message);
  });

  it('wants at least one value and one seed', () => {
    expect(plan(base, [{ setting: sweepable[0], values: [] }], []).problems).toHaveLength(2);
    expect(listed(' 0.1,0.2;0.1  3 ')).toEqual(['0.1', '0.2', '3']);
  });
});

describe('a table of runs', () => {
  const item = (value: string, seed: number, student: number | undefined, agreement: number) => ({
    run: base,
    values: [value],
    seed,
    state: 'done' as const,
    outcome: { student, agreement, images: 100, kl: 1, seconds: 2 },
  });

  it('gives mean and interval over the seeds, and marks the best', () => {
    const rows = combine([item('a', 0, 0.5, 0.9), item('a', 1, 0.7, 0.9), item('b', 0, 0.61, 0.1)]);
    expect(rows.map(({ rank }) => rank)).toEqual(['tied', 'tied']);
    expect(rows[0].student?.mean).toBeCloseTo(0.6);
    expect(rows[0].student?.half, '12.71 · 0.1414 / √2').toBeCloseTo(1.271, 3);
    expect(rows[1].student).toEqual({ mean: 0.61 });
    expect(rows[0].seconds).toBe(4);
  });

  it('goes by agreement where nothing is labelled, and by nothing where one is done', () => {
    const rows = combine([item('a', 0, undefined, 0.9), item('b', 0, undefined, 0.1)]);
    expect(rows.map(({ rank }) => rank)).toEqual(['best', undefined]);
    expect(combine([item('a', 0, 0.5, 0.9)])[0].rank).toBeUndefined();
    expect(estimateOf([])).toBeUndefined();
  });

  it('tells two apart by what each seed came to with both, not by how far the seeds are apart', () => {
    const seeds = [0.4, 0.6, 0.8];
    const rows = (shift: number[]) =>
      combine([
        ...seeds.map((share, seed) => item('a', seed, share, 0)),
        ...seeds.map((share, seed) => item('b', seed, share - shift[seed], 0)),
      ]);
    expect(rows([0.05, 0.06, 0.05]).map(({ rank }) => rank)).toEqual(['best', undefined]);
    const { mean, half } = rows([0.05, 0.06, 0.05])[1].behind ?? { mean: 0 };
    expect(mean).toBeCloseTo(0.16 / 3);
    expect(half, '4.303 · 0.00577 / √3').toBeCloseTo(0.01434, 4);
    expect(rows([0.05, 0.3, -0.2]).map(({ rank }) => rank)).toEqual(['tied', 'tied']);
  });

  it.each([
    [1, 12.71],
    [10, 2.228],
    [11, 2.201],
    [20, 2.086],
    [1000, 1.962],
  ])('knows Student’s t of %i degrees of freedom', (freedom, quantile) => {
    expect(Math.abs(tQuantile(freedom) - quantile)).toBeLessThan(0.003);
  });

  it('takes a difference of few pictures, seen with one seed, for chance', () => {
    const ranks = (a: number, b: number) =>
      combine([item('a', 0, a, 0), item('b', 0, b, 0)]).map(({ rank }) => rank);
    expect(ranks(0.9, 0.84)).toEqual(['tied', 'tied']);
    expect(ranks(0.9, 0.7)).toEqual(['best', undefined]);
  });

  it('knows how far two runs have to be apart', () => {
    expect(leastTold([0.9, 0.7], 44), '1.96 · √(2 · 0.8 · 0.2 / 44)').toBeCloseTo(0.1671, 3);
  });
});

describe('the estimate of a comparison', () => {
  const steps = Array.from({ length: 20 }, (_, i) => i + 1);
  const run = withTrain({ steps: 20, batchSize: 32 });
  // Half a second a step.
  const before = keptRun({ run, curves: columns({ step: steps, imagesPerSecond: steps.map(() => 64) }) });
  const planned = { run, values: [], seed: 0 };
  const all = imagesOf([run, run, run, run]);

  it('is beforehand by what a step has taken, and says that it is of training alone', () => {
    expect(imagesPerSecondOf(before)).toBe(64);
    expect(estimate(all, [], imagesPerSecondOf(before))).toBe('about 40 s of training');
    expect(estimate(all, [waiting(planned)], undefined)).toBe('');
  });

  it('is by what whole runs took once one is done, which is what the rest will take', () => {
    const took = 12;
    const items = [{ ...waiting(planned), state: 'done' as const, seconds: took }, waiting(planned)];
    expect(estimate(imagesOf([run, run, run]), items, 64)).toBe(`about ${3 * took} s`);
    const long = withTrain({ steps: 2000, batchSize: 32 });
    expect(estimate(imagesOf([long]), items, 64)).toBe('about 20 min');
  });
});

describe('curves', () => {
  it('are kept as copies, which later steps don’t change', () => {
    const history = new History();
    const metrics = {
      mean: 0,
      variance: 0,
      align: 0,
      kl: 0,
      alpha: 0,
      learningRate: 0.1,
      imagesPerSecond: 9,
    };
    history.push({ ...metrics, step: 1, total: 3 });
    const kept = copyOf(history.columns());
    history.clear();
    history.push({ ...metrics, step: 1, total: 4 });
    expect(kept.total).toEqual(Float64Array.of(3));
    expect(kept.learningRate).toEqual(Float64Array.of(0.1));
  });
});

describe('a comparison to send', () => {
  const steps = Array.from({ length: 5000 }, (_, i) => i + 1);
  const compared = (name: string) => ({
    name,
    difference: 'without IFAlign',
    run: base,
    data: 'cats & dogs',
    device: 'a laptop',
    kl: 1.25,
    curves: { step: steps, total: steps, kl: steps, mean: steps, variance: steps, alpha: steps },
    evaluations: [
      {
        step: 5000,
        images: 40,
        heldOut: true,
        teacher: { top1: 0.9 },
        student: { top1: 0.725 },
        agreement: 0.6,
      },
    ],
  });

  it('is one page that loads nothing and escapes names', () => {
    const html = comparisonHtml('2 runs', [compared('<b>one'), compared('two')]);
    expect(html).not.toMatch(/<(script|link|img|iframe)|https?:|url\(|<b>one/);
    for (const shown of ['&#60;b&#62;one', 'cats &#38; dogs', '72.5 %', '5,000', 'Run file of two'])
      expect(html).toContain(shown);
    expect(html.match(/<polyline/g)).toHaveLength(12);
  });

  it('tells lines apart by dashes as well as by colours, and stays small', () => {
    const svg = comparisonSvg('2 runs', [compared('one'), compared('two')]);
    expect(svg.match(/<polyline[^>]*stroke-dasharray/g)).toHaveLength(6);
    expect(svg.length).toBeLessThan(200_000);
  });
});
