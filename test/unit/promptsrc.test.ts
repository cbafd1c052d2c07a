import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { trainingIndices } from '../../src/data/splits/batches';
import { labelledPart } from '../../src/data/splits/labelledPart';
import { epochWeights, rateOfEpoch } from '../../src/distill/promptsrc/epochs';
import { templates } from '../../src/distill/promptsrc/templates';
import { adaptReportHtml } from '../../src/run/adaptReport';
import { parseAdaptRun } from '../../src/run/adaptSchema';
import { classDataset } from './sampleDataset';

describe('the learning rate of an epoch', () => {
  it('warms up for one epoch, is full in the second, and follows half a cosine that does not reach 0', () => {
    const rates = { learningRate: 0.0025, warmupRate: 1e-5, epochs: 20 };
    const all = Array.from({ length: 20 }, (_, epoch) => rateOfEpoch(epoch, rates));
    expect(all.slice(0, 2)).toEqual([1e-5, 0.0025]);
    expect(all[11]).toBeCloseTo(0.00125, 10);
    expect(all[19]).toBeCloseTo((0.0025 * (1 + Math.cos((18 * Math.PI) / 20))) / 2, 10);
    expect(all.slice(1)).toEqual(all.slice(1).sort((a, b) => b - a));
  });
});

describe('the weights of the epochs', () => {
  it('are Gaussian around the mean', () => {
    const weights = epochWeights(20, { mean: 15, deviation: 1 });
    expect(weights[14]).toBeCloseTo(0.39894, 4);
    expect(weights[15] / weights[14]).toBeCloseTo(Math.exp(-0.5), 6);
    expect(weights[13]).toBeCloseTo(weights[15], 10);
    expect(weights[0]).toBeLessThan(1e-40);
  });

  it('come to 1 together, wherever the mean lies', () => {
    const number = { noNaN: true, noDefaultInfinity: true };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 60 }),
        fc.double({ min: -1000, max: 1000, ...number }),
        fc.double({ min: 0.01, max: 100, ...number }),
        (epochs, mean, deviation) => {
          const weights = epochWeights(epochs, { mean, deviation });
          expect(weights.length).toBe(epochs);
          expect(weights.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 9);
        },
      ),
    );
  });
});

describe('the templates', () => {
  it('are sixty, each once, each with a place for the class name', () => {
    expect(new Set(templates).size).toBe(60);
    expect(templates.every((template) => template.split('{}').length === 2)).toBe(true);
    expect(templates).toContain('a photo of a {}.');
    for (const left of ['itap of a {}.', 'a photo of the small {}.', 'the plushie {}.'])
      expect(templates).not.toContain(left);
  });
});

describe('the part to learn from with labels', () => {
  it('leaves out unlabelled images and those of later classes, and keeps every image’s number', () => {
    const data = classDataset([
      [0],
      [1],
      [2],
      [undefined],
      [1, 'test'],
      [2, 'test'],
      [0, 'train'],
      [2, 'train'],
    ]);
    const part = labelledPart(data, 2);
    expect(part.classes).toEqual(['class 0', 'class 1']);
    expect(part.images.length).toBe(8);
    expect(trainingIndices(part)).toEqual([6]);
    const unsplit = classDataset([[0], [1], [2], [undefined], [1, 'test']]);
    expect(trainingIndices(labelledPart(unsplit, 2))).toEqual([0, 1]);
  });
});

describe('a run file of Stage I', () => {
  it('has PromptSRC’s defaults', () => {
    const { templates: bank, ...run } = parseAdaptRun({}, 'run.json');
    expect(bank).toEqual(templates);
    expect(run).toEqual({
      teacher: 'demo',
      data: 'demo',
      classes: 'all',
      promptTokens: 4,
      promptDepth: 9,
      promptWords: 'a photo of a',
      loss: { imageWeight: 10, textWeight: 25, logitsWeight: 1 },
      average: { mean: 15, deviation: 1 },
      train: {
        learningRate: 0.0025,
        warmupRate: 1e-5,
        momentum: 0.9,
        weightDecay: 5e-4,
        batchSize: 4,
        epochs: 20,
        shuffle: true,
        augment: 'crop-flip',
        seed: 0,
      },
    });
  });

  it.each([
    [{ student: 'demo' }, 'run.json: student is not a known key'],
    [{ promptWords: 'a {}' }, 'run.json: promptWords: expected the words before a class name, without {}.'],
    [
      { templates: ['a photo'] },
      'run.json: templates.0: expected a text with {} where the class name belongs.',
    ],
    [{ train: { steps: 5 } }, 'run.json: train.steps is not a known key'],
    [{ average: { deviation: 0 } }, 'run.json: average.deviation'],
  ])('refuses %j', (raw, message) => {
    expect(() => parseAdaptRun(raw, 'run.json')).toThrow(message);
  });
});

describe('the report of Stage I', () => {
  it('shows the losses, the teacher before and after, and the run file', () => {
    const html = adaptReportHtml({
      title: 'Adaptation of <pets>',
      run: parseAdaptRun({}, 'run.json'),
      metrics: [1, 2].map((step) => ({
        step,
        total: 3 / step,
        crossEntropy: 2 / step,
        image: 0.01,
        text: 0.02,
        kl: 0.1,
        learningRate: 0.0025,
        imagesPerSecond: 30,
      })),
      facts: [['Teacher', 'a CLIP']],
      before: { images: 40, top1: 0.5, top5: 0.9, heldOut: true },
      after: { images: 40, top1: 0.75, top5: 1, base: 0.8, new: 0.6, harmonicMean: 0.6857, heldOut: true },
    });
    expect(html).toContain('<title>Adaptation of &#60;pets&#62;</title>');
    expect(html).toContain('2 steps of 4 images, 30 images/s on average.');
    expect(html).toContain('<b>50.0 %</b>');
    expect(html).toContain('<b>75.0 %</b>');
    expect(html).toContain('on 40 held-out images. Adapted: base 80.0 %, new 60.0 %, harmonic mean 68.6 %.');
    expect(html.match(/<svg/g)?.length).toBe(7);
  });
});
