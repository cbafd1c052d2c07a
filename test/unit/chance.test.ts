import { describe, expect, it } from 'vitest';
import { shareOfTeacher } from '../../src/page/chance';
import { recallsOf } from '../../src/page/inspect/recalls';

describe('the share of the teacher’s accuracy', () => {
  const shareOf = (student: number, teacher: number, images: number) =>
    shareOfTeacher({ images, student: { top1: student }, teacher: { top1: teacher } }, 3);

  it('is told where both are clearly above chance', () => {
    expect(shareOf(0.6, 0.8, 100)).toBeCloseTo(0.75);
  });

  it('is not told where either may be luck', () => {
    // As with few images of three classes.
    expect(shareOf(0.333, 0.417, 12)).toBeUndefined();
    expect(shareOf(0.75, 0.333, 100)).toBeUndefined();
    expect(shareOf(0.4, 0.9, 100)).toBeUndefined();
    expect(shareOf(0.4, 0.9, 1000)).toBeCloseTo(0.444, 3);
  });
});

describe('recall of captions', () => {
  const texts = Array.from({ length: 12 }, (_, i) => `caption ${i}`);
  /** Logits by which the own text of an image, its number, comes at a place. */
  const logitsOf = (places: number[]) =>
    Float32Array.from(
      places.flatMap((place, own) => texts.map((_, i) => (i === own ? 12.5 - place : 12 - i))),
    );
  const evaluation = (places: number[], truth = (image: number) => [texts[image]]) => {
    const logits = { texts, scale: 1, teacher: logitsOf(places), student: logitsOf(places) };
    return { logits, predictions: places.map((_, image) => ({ truth: truth(image) })) };
  };

  it('counts images whose own text is among the first 1, 5 and 10', () => {
    expect(recallsOf(evaluation([1, 4, 9, 12]), 'student')).toEqual([0.25, 0.5, 0.75]);
  });

  it('takes the best of several own texts, and is unknown where there are none', () => {
    expect(
      recallsOf(
        evaluation([7, 7], () => [texts[0], texts[1]]),
        'teacher',
      )?.[2],
    ).toBe(1);
    expect(
      recallsOf(
        evaluation([1], () => []),
        'teacher',
      ),
    ).toBeUndefined();
  });
});
