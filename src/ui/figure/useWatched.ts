import { useMemo } from 'react';
import { create } from 'zustand';
import type { Prediction } from '../../evaluate/results';
import { useStore } from '../store';
import { type Answer, answerOf } from './answers';

/** The image that the figure follows, chosen in the gallery; an index into the data set's images. */
export const useChosen = create<{ image: number | undefined }>(() => ({ image: undefined }));

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
