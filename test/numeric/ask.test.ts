import { expect, it } from 'vitest';
import { pixelBatch } from '../../src/data/images/pixelBatch';
import type { Evaluation } from '../../src/evaluate/results';
import { distilling, Experiment, type ExperimentInputs } from '../../src/train/experiment';
import { Session } from '../../src/train/session';
import { openFixtureRun } from './fixtureRun';
import { eachBackend, largestDifference } from './setup';

const { signal } = new AbortController();

async function withExperiment(
  body: (experiment: Experiment, inputs: ExperimentInputs) => Promise<void>,
  change: Record<string, unknown> = {},
) {
  const inputs = await openFixtureRun('full-adamw', change);
  const experiment = await Experiment.load(inputs, {});
  try {
    await body(experiment, inputs);
  } finally {
    experiment.dispose();
  }
}

/** A model's logits of the evaluation's nth image, or of its nth text. */
const row = ({ logits: { texts, ...logits } }: Evaluation, model: 'teacher' | 'student', image: number) =>
  logits[model].subarray(image * texts.length, (image + 1) * texts.length);
const column = ({ logits: { texts, ...logits } }: Evaluation, model: 'teacher' | 'student', text: number) =>
  logits[model].filter((_, i) => i % texts.length === text);

eachBackend(() => {
  it('answers as the evaluation does: an image among the texts, and a text among the images', () =>
    withExperiment(async (experiment, { dataset }) => {
      for (let step = 0; step < 2; step++) {
        const evaluation = await experiment.evaluate(40);
        const { image } = evaluation.predictions[7];
        const answers = await experiment.ask({ image, texts: [], withOwn: true }, signal);
        const found = await experiment.search(dataset.texts[3], signal);
        expect(answers).toMatchObject({ step, texts: dataset.texts, cut: [] });
        expect(found).toMatchObject({ step, isOwn: true, isCut: false, heldOut: false, all: 48 });
        const searched = found.images.map(({ image }) => image);
        expect(searched).toEqual([...dataset.images.keys()]);
        for (const model of ['teacher', 'student'] as const) {
          expect(largestDifference(answers[model], row(evaluation, model, 7))).toBeLessThan(1e-5);
          const cosines = evaluation.predictions.map(({ image }) => found[model][searched.indexOf(image)]);
          const logits = cosines.map((cosine) => cosine * answers.scale);
          expect(largestDifference(logits, column(evaluation, model, 3))).toBeLessThan(1e-5);
        }
        const right = found.images.filter(({ isRight }) => isRight).map(({ image }) => image);
        expect(right).toEqual(searched.filter((image) => dataset.images[image].texts.includes(3)));
        await experiment.train(await experiment.nextBatch());
      }
    }));

  it('takes other pictures and typed texts, each text once, and says which are cut', () =>
    withExperiment(async (experiment, { dataset, teacher, student, images }) => {
      const [own] = dataset.texts;
      const long = 'a b c d e f g h i j k l m n o p q r s t u v w x y z '.repeat(4);
      const all = await experiment.ask(
        { image: 5, texts: [own, 'a red owl', long, long], withOwn: true },
        signal,
      );
      expect(all.texts).toEqual([...dataset.texts, 'a red owl', long]);
      expect(all.cut).toEqual([long]);
      expect(all.ownTexts).toEqual({ asked: dataset.texts.length, all: dataset.texts.length });
      const few = await experiment.ask({ image: 5, texts: ['a red owl', own], withOwn: false }, signal);
      expect(few.texts).toEqual(['a red owl', own]);
      const wanted = few.texts.map((text) => all.teacher[all.texts.indexOf(text)]);
      expect(largestDifference(few.teacher, wanted)).toBeLessThan(1e-5);
      const pixels = async ({ preprocessor }: typeof teacher) => ({
        pixels: await pixelBatch([5], preprocessor, (image) => images.pixels(image, preprocessor)),
      });
      const picture = { teacher: await pixels(teacher), student: await pixels(student) };
      const asked = await experiment.ask({ image: picture, texts: few.texts, withOwn: false }, signal);
      expect(largestDifference(asked.teacher, few.teacher)).toBeLessThan(1e-5);
      expect(largestDifference(asked.student, few.student)).toBeLessThan(1e-5);
      await expect(experiment.ask({ image: 5, texts: [], withOwn: false }, signal)).rejects.toThrow(
        /no text/,
      );
      await expect(experiment.ask({ image: 99, texts: [own], withOwn: false }, signal)).rejects.toThrow(
        /no image number 99/,
      );
    }));

  it('looks at the images once a step, at few texts of very many, and stops for a newer question', () =>
    withExperiment(
      async (experiment, { dataset }) => {
        const stopping = new AbortController();
        const stopped = experiment.search('a red owl', stopping.signal);
        stopping.abort(new Error('another question'));
        await expect(stopped).rejects.toThrow('another question');
        const first = await experiment.search('a red owl', signal);
        expect(first.isOwn).toBe(false);
        const { open } = dataset;
        dataset.open = () => Promise.reject(new Error('the disk is gone'));
        expect(await experiment.search('a red owl', signal)).toEqual(first);
        const other = await experiment.search(dataset.texts[0], signal);
        expect(largestDifference(other.student, first.student)).toBeGreaterThan(1e-3);
        dataset.open = open;
        const { ownTexts, texts } = await experiment.ask({ image: 5, texts: [], withOwn: true }, signal);
        expect(ownTexts).toEqual({ asked: 4, all: dataset.texts.length });
        expect(texts).toEqual(
          expect.arrayContaining(dataset.images[5].texts.map((own) => dataset.texts[own])),
        );
      },
      { loss: { maxTexts: 4 } },
    ));

  it('is asked while it trains, and trains on to the same numbers', async () => {
    const totals: number[][] = [];
    for (const asks of [false, true]) {
      const steps: number[] = [];
      const session = new Session((event) => {
        if (event.type === 'step') steps.push(event.metrics.total);
      });
      const inputs = await openFixtureRun('full-adamw');
      await session.load({ ...inputs, evaluationImages: { during: 5, atEnd: 5 } });
      await session.play();
      if (asks) {
        const answers = await session.ask(async (all) =>
          distilling(all)?.ask({ image: 5, texts: ['a red owl'], withOwn: true }, signal),
        );
        expect(answers?.texts).toHaveLength(inputs.dataset.texts.length + 1);
        expect(
          (await session.ask(async (all) => distilling(all)?.search('a red owl', signal)))?.images,
        ).toHaveLength(48);
      }
      await expect.poll(() => session.state, { timeout: 20_000 }).toBe('finished');
      await session.dispose();
      expect(await session.ask(async (all) => distilling(all)?.search('a red owl', signal))).toBeUndefined();
      totals.push(steps);
    }
    expect(totals[1]).toEqual(totals[0]);
    expect(totals[0]).toHaveLength(6);
  });
});
