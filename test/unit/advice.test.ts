import { describe, expect, it } from 'vitest';
import type { Course } from '../../src/page/advice/advice';
import { advise } from '../../src/page/advice/advise';
import { type Change, changed, has } from '../../src/page/change';
import { demoRun } from '../../src/run/demo';
import { type Run, runSchema } from '../../src/run/schema';

/** Total loss of the demo's default run at some of its 500 steps, as measured. */
const demoCurve: [step: number, total: number][] = [
  [1, 6.4728],
  [6, 5.0791],
  [11, 2.9017],
  [21, 1.7081],
  [41, 1.4306],
  [61, 1.0655],
  [81, 0.7789],
  [101, 0.8767],
  [126, 0.5243],
  [151, 0.2458],
  [201, 0.2583],
  [251, 0.1139],
  [301, 0.0407],
  [401, 0.0253],
  [451, 0.0563],
  [500, 0.0317],
];

/** The demo's curve, every batch up to 15 % off it: the same ones each time. */
function healthy(steps: number): Float64Array {
  return Float64Array.from({ length: steps }, (_, i) => {
    const after = Math.max(
      1,
      demoCurve.findIndex(([step]) => step > i),
    );
    const [[from, a], [to, b]] = [demoCurve[after - 1], demoCurve[after]];
    const between = a * (b / a) ** ((i + 1 - from) / (to - from));
    return between * (1 + 0.15 * Math.sin(12.9898 * i));
  });
}

const base = runSchema.parse(demoRun);

const data: NonNullable<Course['data']> = {
  name: 'Emoji',
  format: 'demo',
  why: '',
  doubts: [],
  otherForms: [],
  images: 154,
  training: { images: 110, labelled: 110, texts: 22 },
  pairs: 154,
  classes: Array.from({ length: 22 }, (_, i) => `class ${i}`),
  classCounts: Array.from({ length: 22 }, () => ({ train: 5, test: 2 })),
  scripts: [],
  notMirrored: 0,
  examined: 154,
  duplicates: { nearDuplicates: 0, straddling: 0, leftOut: 0 },
  tables: [],
  texts: 22,
  splits: { train: 110, test: 44 },
  hasOwnTest: true,
  skipped: [],
  credits: [],
  samples: [],
};

interface Case {
  total?: number[] | Float64Array;
  alpha?: number[];
  change?: Change;
  teacher?: number;
  student?: number;
  heldOut?: boolean;
  data?: Partial<typeof data>;
  initialisation?: 'checkpoint' | 'random';
  problems?: string[];
}

function course(one: Case): Course {
  const total = Float64Array.from(one.total ?? healthy(120));
  return {
    run: changed(base, one.change ?? {}),
    curves: {
      step: total,
      total,
      alpha: Float64Array.from(one.alpha ?? Array.from(total, (_, i) => 1e-4 * i)),
    },
    evaluations: [
      {
        step: 0,
        images: 44,
        heldOut: one.heldOut ?? true,
        teacher: { top1: one.teacher ?? 0.82 },
        student: { top1: one.student ?? 0.05 },
        agreement: 0.1,
      },
    ],
    data: { ...data, ...one.data },
    student: { initialisation: one.initialisation ?? 'random' },
    problems: one.problems ?? [],
  };
}

const ids = (one: Case) => advise(course(one)).map(({ id }) => id);

/** The settings after the advice of this name was followed. */
function mended(one: Case, id: string): Run {
  const before = course(one);
  const change = advise(before).find((advice) => advice.id === id)?.mend?.change;
  if (!change) throw new Error(`${id} does not say how to mend it.`);
  expect(has(before.run, change)).toBe(false);
  return changed(before.run, change);
}

const constant = (value: number, length: number) =>
  Array.from({ length }, (_, i) => value * (1 + 0.1 * Math.sin(i)));

it('has nothing to say of the demo, at any step', () => {
  for (let steps = 0; steps <= 500; steps++) expect(ids({ total: healthy(steps) }), `${steps}`).toEqual([]);
});

describe('of the loss', () => {
  it('sees that it is no number, alone', () => {
    const broken = { total: [...healthy(60), Number.NaN], change: { train: { learningRate: 0.02 } } };
    expect(ids(broken)).toEqual(['not-a-number']);
    expect(mended(broken, 'not-a-number').train).toMatchObject({ learningRate: 0.001, maxGradientNorm: 1 });
  });

  it('takes gaps of a long run for nothing else', () => {
    expect(ids({ total: [...healthy(30), Number.NaN, ...healthy(60).slice(31)] })).toEqual([]);
  });

  it('sees a jump, as rates that are too high make it', () => {
    // The demo at rates of 0.1 and 1, without warm-up, as measured.
    for (const total of [
      [6.47, 13.85, 8.22, 6.5, 5.9, 5.41],
      [6.47, 13.07, 7.32, 5.9, 5.3, 5.06],
    ]) {
      const wild = { total, change: { train: { learningRate: 0.1, warmupSteps: 0 } } };
      expect(ids(wild)).toEqual(['rate-too-high']);
      expect(mended(wild, 'rate-too-high').train).toMatchObject({ learningRate: 0.001, warmupSteps: 50 });
    }
  });

  it('forgives a jump that did no harm', () => {
    expect(ids({ total: [6.5, 13, ...healthy(300)] })).toEqual([]);
  });

  it('sees it rise again, but not that batches differ', () => {
    const rising = [...healthy(100), ...Array.from({ length: 60 }, (_, i) => 0.9 + 0.04 * i)];
    expect(ids({ total: rising })).toEqual(['loss-rises']);
    expect(mended({ total: rising }, 'loss-rises').train.learningRate).toBeCloseTo(3e-4);
    expect(ids({ total: [...healthy(400), ...constant(0.06, 60)] })).toEqual([]);
  });

  it('sees that it hardly falls, where the rate could be higher', () => {
    const slow = { total: constant(6, 200), change: { train: { learningRate: 2e-6 } } };
    expect(ids(slow)).toEqual(['rate-too-low']);
    expect(mended(slow, 'rate-too-low').train.learningRate).toBeCloseTo(2e-5);
    expect(ids({ ...slow, total: constant(6, 90) })).toEqual([]);
    expect(ids({ ...slow, change: { train: { learningRate: 2e-3 } } })).toEqual([]);
  });
});

describe('of α', () => {
  const still = { alpha: constant(0, 120) };

  it('sees that nothing moves it', () => {
    const alone = { ...still, change: { loss: { refine: false } } };
    expect(ids(alone)).toEqual(['alpha-still']);
    expect(mended(alone, 'alpha-still').loss.refine).toBe(true);
    const slow = { ...still, change: { train: { learningRate: 1e-6 } } };
    expect(mended(slow, 'alpha-still').train.learningRate).toBeCloseTo(1e-5);
  });

  it('is silent where it is not learned', () => {
    expect(ids({ ...still, change: { loss: { eduAttention: false } } })).toEqual([]);
    expect(ids({ ...still, change: { method: 'promptkd' } })).toEqual([]);
  });
});

describe('of the settings', () => {
  it('sees a batch too small for its statistics, while IFAlign looks at them', () => {
    const small = { change: { train: { batchSize: 8 } } };
    expect(ids(small)).toEqual(['small-batch']);
    expect(mended(small, 'small-batch').train.batchSize).toBe(32);
    expect(mended({ ...small, data: { splits: { train: 12 } } }, 'small-batch').loss.ifAlign).toBe(false);
    expect(ids({ change: { ...small.change, loss: { ifAlign: false } } })).toEqual([]);
    expect(ids({ change: { train: { batchSize: 16 } } })).toEqual([]);
  });

  it('sees all of a checkpoint trained on few images', () => {
    const whole: Case = { initialisation: 'checkpoint', change: { train: { parameters: 'full' } } };
    expect(ids(whole)).toEqual(['few-images']);
    expect(mended(whole, 'few-images').train.parameters).toBe('prompts');
    expect(ids({ ...whole, data: { splits: { train: 22 * 16 } } })).toEqual([]);
  });

  it.each([
    [
      'train.batchSize 64 needs a buffer of 300 MB, but this device allows 128 MB: a batchSize of 27 would fit, or a train.accumulate of 3, which takes the batch in so many parts.',
      { accumulate: 3, batchSize: 64 },
    ],
    [
      'The graphics processor has not enough memory for a step (out of memory); a smaller batchSize or a larger train.accumulate needs less.',
      { accumulate: 2, batchSize: 64 },
    ],
    [
      'The data has 20 images to train on, train.batchSize is 64: not one whole batch. Use a batchSize of at most 20, or more images.',
      { accumulate: 1, batchSize: 20 },
    ],
  ])('takes what fits from what the engine says (%s)', (problem, train) => {
    const large = { change: { train: { batchSize: 64 } }, problems: [problem] };
    expect(ids(large)).toEqual(['does-not-fit']);
    expect(mended(large, 'does-not-fit').train).toMatchObject(train);
  });
});

describe('of the data', () => {
  it.each([0.05, 0.15, 0.38])('sees a poor teacher (%d)', (teacher) => {
    expect(ids({ teacher })).toEqual(['poor-teacher']);
    expect(mended({ teacher }, 'poor-teacher').method).toBe('none');
    expect(ids({ teacher, change: { method: 'none' } })).toEqual([]);
    const stageOn = (labelled: number) =>
      advise(course({ teacher, data: { training: { images: 400, labelled, texts: 20 } } }))[0].stage;
    expect(stageOn(40)).toEqual({
      words: 'Make a teacher from the labels',
      name: 'make',
    });
    expect(stageOn(0)).toBeUndefined();
  });

  it('expects less of a teacher among captions, but not chance', () => {
    const captions = { classes: [], classCounts: [], texts: 500 };
    expect(ids({ teacher: 0.3, data: captions })).toEqual([]);
    expect(ids({ teacher: 0.005, data: captions })).toEqual(['poor-teacher']);
  });

  it('names classes that are never trained on', () => {
    const classCounts = data.classCounts.map((count, i) => (i < 2 ? { train: 0, test: 2 } : count));
    const [advice] = advise(course({ data: { classCounts } }));
    expect(advice).toMatchObject({ id: 'missing-classes', title: '2 classes have no training images' });
    expect(advice.seen).toContain('class 0, class 1.');
    expect(advice.mend).toBeUndefined();
    const drawn = { data: { classCounts, hasOwnTest: false }, change: { dataOptions: { testShare: 0.5 } } };
    expect(mended(drawn, 'missing-classes').dataOptions?.testShare).toBe(0.1);
  });

  it('warns of accuracies on images that were trained on', () => {
    const open = { heldOut: false, data: { hasOwnTest: false } };
    expect(mended(open, 'nothing-held-out').dataOptions?.testShare).toBe(0.2);
    const [advice] = advise(course({ ...open, student: 0.95 }));
    expect(advice.title).toBe('Better than the teacher, on known images');
    expect(ids({ student: 0.95 })).toEqual([]);
  });
});
