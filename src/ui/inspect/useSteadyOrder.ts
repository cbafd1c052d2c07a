import { useState } from 'react';
import type { Prediction } from '../../evaluate/results';
import type { Filter } from '../../page/inspect/filter';
import { type Order, sortPredictions } from '../../page/inspect/order';
import { useStore } from '../parts/stores';

/**
 * Predictions in this order. While a run goes on every image keeps its place, so that it can be watched, and at its end,
 * so that nothing moves by itself; until it is paused, or another order or filter is chosen.
 */
export function useSteadyOrder(predictions: Prediction[], order: Order, filter: Filter): Prediction[] {
  const isRunning = useStore(({ phase }) => phase === 'running' || phase === 'finished');
  const [kept, setKept] = useState({
    predictions,
    order,
    filter,
    isRunning,
    images: imagesOf(predictions, order),
  });
  const isAsked = kept.order !== order || kept.filter !== filter;
  if (kept.predictions === predictions && !isAsked && kept.isRunning === isRunning) {
    return arrange(predictions, kept.images);
  }
  const isSteady = isRunning && !isAsked && holdsSame(kept.images, predictions);
  const images = isSteady ? kept.images : imagesOf(predictions, order);
  // React renders again at once with what is set while rendering.
  setKept({ predictions, order, filter, isRunning, images });
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
