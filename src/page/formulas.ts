import { methods } from '../distill/methods/methods';
import type { Accuracy } from '../evaluate/results';
import { chanceOf } from './chance';
import { amount, count, loss, percentage, rate, setting } from './format';
import { shapeOf, sizesOf } from './sizes';
import type { State } from './state';

// What each number of the page is: its formula with the numbers of the moment.

const shape = (letters: string, state: State): string => shapeOf(letters, sizesOf(state));

/** Images that a run learns from. */
const trainingImages = ({ data }: State): number => data?.splits.train ?? data?.images ?? 0;

/** How often every training image has been seen. */
export function epochOf(state: State): number {
  const images = trainingImages(state);
  return state.metrics && images > 0 ? (state.metrics.step * state.loadedRun.train.batchSize) / images : 0;
}

export const stepFormula = ({ metrics, loadedRun }: State): string =>
  `A step is one update of the student by a batch of ${count(loadedRun.train.batchSize)} images; ${count(metrics?.step ?? 0)} so far.`;

export const epochFormula = (state: State): string =>
  `step · batch / training images = ${count(state.metrics?.step ?? 0)} · ${count(state.loadedRun.train.batchSize)} / ${count(trainingImages(state))} = ${epochOf(state).toFixed(1)}`;

export function rateFormula({ metrics, loadedRun }: State): string {
  const { batchSize } = loadedRun.train;
  const seconds = metrics && metrics.imagesPerSecond > 0 ? batchSize / metrics.imagesPerSecond : undefined;
  return `batch / seconds a step = ${count(batchSize)} / ${seconds?.toPrecision(3) ?? '–'} = ${rate(metrics?.imagesPerSecond)}`;
}

/** L as the chosen method sees it: of the parts that are switched on. */
export function totalFormula({ metrics, loadedRun: { method, loss: options } }: State): string {
  const { weights, terms } = methods[method];
  const sum = (write: (term: string) => string) =>
    Object.entries(weights(options))
      .map(([term, weight]) => `${setting(weight)} · ${write(term)}`)
      .join(' + ');
  return `L = ${sum((term) => terms[term].symbol)} = ${sum((term) => loss(metrics?.[term]))} = ${loss(metrics?.total)}`;
}

/** One of the chosen method's terms; nothing where it has no such term. */
export const termFormula =
  (term: string) =>
  (state: State): string => {
    const { method, loss: options } = state.loadedRun;
    const write = (letters: string) => shape(letters, state);
    return methods[method].terms[term]?.formula(options, write, loss(state.metrics?.[term])) ?? '';
  };

/** Of the model's accuracy after the last evaluation. */
export const accuracyFormula =
  (model: 'teacher' | 'student') =>
  ({ evaluation }: State): string =>
    `${rightOf(evaluation?.[model], evaluation?.images)}; among the first five: ${percentage(evaluation?.[model].top5)}`;

const rightOf = (accuracy: Accuracy | undefined, images: number | undefined): string =>
  accuracy?.top1 === undefined || images === undefined
    ? 'images whose right text comes first / all images'
    : `images whose right text comes first / all images = ${count(Math.round(accuracy.top1 * images))} / ${count(images)} = ${percentage(accuracy.top1)}`;

export function chanceFormula({ data }: State): string {
  const chance = chanceOf(data?.texts);
  return chance === undefined
    ? 'guessing: 1 / texts'
    : `guessing among ${count(data?.texts ?? 0)} texts: 1 / ${count(data?.texts ?? 0)} = ${percentage(chance)}`;
}

export function studentFormula({ teacher, student, evaluation }: State): string {
  if (!teacher || !student) return '';
  return `image towers: ${amount(student.imageParameters)} / ${amount(teacher.imageParameters)} parameters; accuracy: ${percentage(evaluation?.student.top1)} / ${percentage(evaluation?.teacher.top1)}, compared once both are clearly above chance`;
}

/** What a tower gives, with its shape, and how much of that is right. */
export const towerFormula =
  (model: 'teacher' | 'student') =>
  (state: State): string =>
    `${model === 'teacher' ? 'uₜ = normalise(fₜ(x))' : 'uₛ = normalise(P(fₛ(x)))'}, ${shape('bd', state)}; ${accuracyFormula(model)(state)}`;

export const logitsFormula =
  (model: 'teacher' | 'student') =>
  (state: State): string =>
    `${model === 'teacher' ? 'qₜ = s · uₜ Wᵀ' : 'qₛ = s · fₑ Wᵀ'}, ${shape('bn', state)}, s = ${loss(state.evaluation?.logits.scale)}; in per cent: softmax(q)`;

export const textsFormula = (state: State): string => `W = normalise(f(texts)), ${shape('nd', state)}, once`;

export const projectorFormula = (state: State): string =>
  `P = Linear(ReLU(BatchNorm(Linear(·)))), ${shape('s', state)} → ${shape('d', state)} features`;
