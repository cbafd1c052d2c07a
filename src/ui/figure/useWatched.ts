import { useMemo } from 'react';
import type { Prediction } from '../../evaluate/results';
import { type Answer, answerOf } from '../../page/inspect/answers';
import { useChosen, useStore } from '../parts/stores';

/** What both models last made of the chosen image, or of the first held-out one. */
export function useWatched(): Prediction | undefined {
  const chosen = useChosen((state) => state.image);
  const predictions = useStore((state) => state.evaluation?.predictions);
  return predictions?.find(({ image }) => image === chosen) ?? predictions?.[0];
}

/** What both models answered to that image, over all texts. */
export function useAnswer(): (Answer & { texts: string[] }) | undefined {
  const evaluation = useStore((state) => state.evaluation);
  const watched = useWatched();
  return useMemo(() => {
    if (!evaluation || !watched) return undefined;
    const { logits, predictions } = evaluation;
    return { texts: logits.texts, ...answerOf(logits, predictions.indexOf(watched), 1) };
  }, [evaluation, watched]);
}
