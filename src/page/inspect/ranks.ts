import type { SearchResult } from '../../evaluate/results';

/** A text or image with its place in a model's order, from 1. */
export interface Ranked {
  index: number;
  rank: number;
}

/** Indices of the scores, the highest first; of equal ones the first. */
export const order = (scores: Float32Array): number[] =>
  [...scores.keys()].sort((a, b) => scores[b] - scores[a]);

/** The first `count`, and all that must be there, with their ranks. */
export function shortList(scores: Float32Array, count: number, mustHave: ReadonlySet<number>): Ranked[] {
  const ranked = order(scores).map((index, place) => ({ index, rank: place + 1 }));
  return ranked.filter(({ index, rank }) => rank <= count || mustHave.has(index));
}

/** Softmax of logits: probabilities 0..1. */
export function probabilities(logits: Float32Array): Float32Array {
  const most = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = logits.map((logit) => Math.exp(logit - most));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** Images that a search shows of each model. */
export const SHOWN = 10;

/** An image that one model ranks among the shown ones, and the other here. */
export interface Found extends Ranked {
  otherRank: number;
  /** The other model ranks it far from where it would be shown. */
  isApart: boolean;
}

/** The images that a model ranks first. */
export function found(result: SearchResult, model: 'teacher' | 'student'): Found[] {
  const others = order(result[model === 'teacher' ? 'student' : 'teacher']);
  return shortList(result[model], SHOWN, new Set()).map(({ index, rank }) => {
    const otherRank = others.indexOf(index) + 1;
    return { index, rank, otherRank, isApart: otherRank > 2 * SHOWN };
  });
}

/** How many of the right images are among a model's first ones. */
export const rightOnes = (result: SearchResult, model: 'teacher' | 'student'): number =>
  found(result, model).filter(({ index }) => result.images[index].isRight).length;
