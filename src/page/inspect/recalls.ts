import type { Logits, Prediction } from '../../evaluate/results';

interface Answers {
  logits: Logits;
  /** An entry a row of the logits. */
  predictions: readonly Pick<Prediction, 'truth'>[];
}

/** At which places recall is told of. */
export const PLACES = [1, 5, 10] as const;

/**
 * Recall@k of the images' own texts among all: the share (0..1) of images of which one is among the model's first k, for
 * each of `PLACES`. Undefined where no image has a text of its own.
 */
export function recallsOf(
  { logits, predictions }: Answers,
  model: 'teacher' | 'student',
): number[] | undefined {
  const { texts } = logits;
  const places = new Map(texts.map((text, i) => [text, i]));
  const ranks = predictions.flatMap(({ truth }, image) => {
    const own = truth.flatMap((text) => places.get(text) ?? []);
    const scores = logits[model].subarray(image * texts.length, (image + 1) * texts.length);
    return own.length > 0 ? [rankOf(own, scores)] : [];
  });
  if (ranks.length === 0) return undefined;
  return PLACES.map((k) => ranks.filter((rank) => rank <= k).length / ranks.length);
}

/** The place, from 1, of the best of some texts among all; equal ones go by their order. */
function rankOf(own: readonly number[], scores: Float32Array): number {
  const best = own.reduce((a, b) => (scores[b] > scores[a] ? b : a));
  return (
    1 + scores.reduce((sum, s, i) => sum + Number(s > scores[best] || (s === scores[best] && i < best)), 0)
  );
}
