import { useState } from 'react';
import type { Prediction } from '../../evaluate/results';
import { type Order, sortPredictions } from '../../page/inspect/order';
import { useStore } from '../parts/stores';

/** Predictions in this order. While a run goes on every image keeps its place, so that it can be watched. */
export function useSteadyOrder(predictions: Prediction[], order: Order): Prediction[] {
  const isRunning = useStore((state) => state.phase === 'running');
  const [kept, setKept] = useState({ predictions, order, isRunning, images: imagesOf(predictions, order) });
  if (kept.predictions === predictions && kept.order === order && kept.isRunning === isRunning) {
    return arrange(predictions, kept.images);
  }
  const isSteady = isRunning && kept.order === order && holdsSame(kept.images, predictions);
  const images = isSteady ? kept.images : imagesOf(predictions, order);
  // React renders again at once with what is set while rendering.
  setKept({ predictions, order, isRunning, images });
  return arrange(predictions, images);
}

const imagesOf = (predictions: Prediction[], order: Order): number[] =>
  sortPredictions(predictions, order).map(({ image }) => image);

const holdsSame = (images: number[], predictions: Prediction[]): boolean =>
  images.length === predictions.length && predictions.every(({ image }) => images.includes(image));

function arrange(predictions: Prediction[], images: number[]): Prediction[] {
  const byImage = new Map(predictions.map((prediction) => [prediction.image, prediction]));
  return images.flatMap((image) => byImage.get(image) ?? []);
}
