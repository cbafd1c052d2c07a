import { create } from 'zustand';
import type { Prediction } from '../../evaluate/results';
import { useStore } from '../store';

/** The image that the figure follows, chosen in the gallery; an index into the data set's images. */
export const useChosen = create<{ image: number | undefined }>(() => ({ image: undefined }));

/** What both models last made of the chosen image, or of the first held-out one. */
export function useWatched(): Prediction | undefined {
  const chosen = useChosen((state) => state.image);
  const predictions = useStore((state) => state.evaluation?.predictions);
  return predictions?.find(({ image }) => image === chosen) ?? predictions?.[0];
}
