import { expect, it } from 'vitest';
import type { SearchResult } from '../../src/evaluate/results';
import { found, probabilities, rightOnes, shortList } from '../../src/page/inspect/ranks';
import { asRead, asTyped, typedTexts } from '../../src/page/inspect/template';

it('puts typed texts into the template, once', () => {
  const template = 'a photo of a {}.';
  expect(asRead('owl', template)).toBe('a photo of a owl.');
  expect(asRead('a photo of a owl.', template)).toBe('a photo of a owl.');
  expect(asRead('$& owl', template)).toBe('a photo of a $& owl.');
  expect(asRead('owl', undefined)).toBe('owl');
  expect(asTyped('a photo of a owl.', template)).toBe('owl');
  expect(asTyped('an owl', template)).toBe('an owl');
  expect(typedTexts(' owl \n\nsea otter\r\nowl\na photo of a owl.', template)).toEqual([
    'a photo of a owl.',
    'a photo of a sea otter.',
  ]);
  expect(typedTexts('', template)).toEqual([]);
});

it('lists the likeliest texts and those that must be there, with their ranks', () => {
  const scores = Float32Array.of(1, 5, 3, 3, 0);
  expect(shortList(scores, 2, new Set([4, 1]))).toEqual([
    { index: 1, rank: 1 },
    { index: 2, rank: 2 },
    { index: 4, rank: 5 },
  ]);
  expect(probabilities(Float32Array.of(1000, 1000, -1000))).toEqual(Float32Array.of(0.5, 0.5, 0));
});

it('tells images that the other model ranks far away, and counts the right ones', () => {
  const images = Array.from({ length: 30 }, (_, image) => ({
    image,
    path: `${image}.png`,
    texts: [],
    isRight: image === 0 || image === 29,
  }));
  const teacher = Float32Array.from(images, (_, i) => -i);
  const result: SearchResult = {
    step: 0,
    heldOut: true,
    all: 30,
    isOwn: true,
    isCut: false,
    images,
    teacher,
    student: teacher.map((score) => -score),
  };
  const ofTeacher = found(result, 'teacher');
  expect(ofTeacher).toHaveLength(10);
  expect(ofTeacher[0]).toEqual({ index: 0, rank: 1, otherRank: 30, isApart: true });
  expect(ofTeacher[9]).toEqual({ index: 9, rank: 10, otherRank: 21, isApart: true });
  expect(found({ ...result, student: teacher }, 'student').some(({ isApart }) => isApart)).toBe(false);
  expect([rightOnes(result, 'teacher'), rightOnes(result, 'student')]).toEqual([1, 1]);
});
