import type { Dataset } from '../data/dataset';
import { BrokenImage } from '../data/images/images';
import { evaluationIndices } from '../data/splits/batches';
import type { LossOptions } from '../distill/methods/methods';
import type { EvaluationSet } from '../evaluate/evaluation';
import { Random } from '../files/random';
import type { TrainOptions } from './options';
import { sampleTexts } from './sampleTexts';

interface EvaluationInputs {
  dataset: Dataset;
  loss: LossOptions;
  train: TrainOptions;
}

/**
 * Evaluates on at most `limit` held-out images, the same each time, without those that turn out to be broken, which are
 * added to `broken` where they are opened.
 *
 * @throws BrokenImage where none is left
 */
export async function evaluateWhole<Result>(
  inputs: EvaluationInputs,
  limit: number,
  broken: Set<number>,
  evaluate: (set: EvaluationSet) => Promise<Result>,
): Promise<Result> {
  for (;;) {
    const set = evaluationSet(inputs, limit, broken);
    try {
      return await evaluate(set);
    } catch (error) {
      if (!(error instanceof BrokenImage)) throw error;
      if (set.images.length > 1) continue;
      broken.clear();
      throw error;
    }
  }
}

/** Keeps the random texts of evaluations apart from those of batches. */
const EVALUATION_STREAM = 3;

function evaluationSet(
  { dataset, loss, train }: EvaluationInputs,
  limit: number,
  broken: ReadonlySet<number>,
): EvaluationSet {
  const { indices, heldOut } = evaluationIndices(dataset, undefined, limit);
  const images = indices.filter((image) => !broken.has(image));
  const own = images.map((image) => dataset.images[image].texts);
  const random = Random.keyed(train.seed, EVALUATION_STREAM);
  const { texts, right } = sampleTexts(own, dataset.texts.length, loss.maxTexts, random);
  const names = dataset.classes.length > 0 ? dataset.classes : dataset.texts;
  return {
    images,
    heldOut,
    paths: images.map((image) => dataset.images[image].path),
    right,
    texts: texts ? Array.from(texts, (text) => names[text]) : names,
    textIndices: texts,
  };
}
