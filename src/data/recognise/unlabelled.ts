import { placeInSplits } from '../splits/splitNames';
import type { Source } from './source';

/** Images that nothing says anything about, where a person has said what may be in them. */
export const unlabelled: Source = async ({ images }, { classes = [] }) => {
  if (images.length === 0 || classes.length === 0) return undefined;
  const placements = placeInSplits(images);
  return {
    format: 'images without labels',
    why: 'Nothing says what is in which image; the class names are those that were typed.',
    kind: 'classes',
    pairings: images.map((path, i) => ({ path, texts: [], split: placements[i].split })),
    classes,
    skipped: [],
  };
};
