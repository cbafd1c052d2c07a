import type { Dataset } from '../dataset';
import { trainingIndices } from './batches';

/**
 * What of a data set with classes can be learnt from with labels: the first so many classes, and the training images
 * that show one of these. The others are 'unused'; every image keeps its number.
 */
export function labelledPart(dataset: Dataset, classes: number): Dataset {
  const training = new Set(trainingIndices(dataset));
  const images = dataset.images.map((image, i) => {
    const texts = image.texts.filter((text) => text < classes);
    if (!training.has(i)) return { ...image, texts };
    return { ...image, texts, split: texts.length > 0 ? 'train' : 'unused' };
  });
  return {
    ...dataset,
    classes: dataset.classes.slice(0, classes),
    texts: dataset.texts.slice(0, classes),
    images,
  };
}
