import { expect, it } from 'vitest';
import type { DataImage, Dataset } from '../../src/data/dataset';
import { Experiment, type ExperimentInputs } from '../../src/train/experiment';
import { openFixtureRun } from './fixtureRun';
import { eachBackend } from './setup';

/** A run of the fixture whose images have lost their texts, but for those that `isLabelled`. */
async function unlabelledRun(
  isLabelled: (index: number) => boolean,
  method = 'comkd',
): Promise<ExperimentInputs> {
  const inputs = await openFixtureRun('full-adamw', { method });
  const { dataset } = inputs;
  const classes = dataset.texts;
  const images = dataset.images.map(
    (image, i): DataImage => (isLabelled(i) ? image : { ...image, texts: [] }),
  );
  return { ...inputs, dataset: { ...dataset, classes, images } };
}

/** The data set with these images failing to open. */
function withBroken(dataset: Dataset, isBroken: (path: string) => boolean): void {
  const { open } = dataset;
  dataset.open = (image) => (isBroken(image.path) ? Promise.reject(new Error('it is gone')) : open(image));
}

eachBackend(() => {
  it('learns from images without labels, and tells agreement instead of accuracy', async () => {
    const experiment = await Experiment.load(await unlabelledRun(() => false), {});
    const { total, kl } = await experiment.train(await experiment.nextBatch());
    expect(Number.isFinite(total) && kl > 0).toBe(true);
    const { teacher, student, agreement, predictions } = await experiment.evaluate(10);
    experiment.dispose();
    expect([teacher, student]).toEqual([{}, {}]);
    expect(predictions.every(({ truth }) => truth.length === 0)).toBe(true);
    const agreed = predictions.filter((image) => image.teacher[0].text === image.student[0].text);
    expect(agreement).toBeCloseTo(agreed.length / 10);
  });

  it('measures accuracy on the labelled ones', async () => {
    const inputs = await unlabelledRun((i) => i % 2 === 0);
    const experiment = await Experiment.load(inputs, {});
    const { teacher, predictions } = await experiment.evaluate(48);
    experiment.dispose();
    const labelled = predictions.filter(({ truth }) => truth.length > 0);
    expect(labelled).toHaveLength(24);
    const right = labelled.filter((image) => image.truth.includes(image.teacher[0].text));
    expect(teacher.top1).toBeCloseTo(right.length / 24);
  });

  it('learns from labels alone where some images have one', async () => {
    const experiment = await Experiment.load(await unlabelledRun((i) => i < 30, 'none'), {});
    const { total } = await experiment.train(await experiment.nextBatch());
    experiment.dispose();
    expect(total).toBeGreaterThan(0);
  });

  it('leaves broken images out of batches and evaluations', async () => {
    const inputs = await openFixtureRun('full-adamw');
    withBroken(inputs.dataset, (path) => /00[0-4]\.png$/.test(path));
    const notices: string[] = [];
    const experiment = await Experiment.load(inputs, { onNotice: (message) => notices.push(message) });
    const evaluation = await experiment.evaluate(48);
    const batch = await experiment.nextBatch();
    await experiment.train(batch);
    experiment.dispose();
    expect(evaluation.images).toBe(43);
    expect(batch.images.some((image) => image < 5)).toBe(false);
    expect(notices.filter((notice) => /left out/.test(notice))).toHaveLength(1);
  });
});
