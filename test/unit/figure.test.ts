import { describe, expect, it } from 'vitest';
import type { Prediction } from '../../src/evaluate/results';
import { answerOf, divergence } from '../../src/page/inspect/answers';
import { isShown } from '../../src/page/inspect/filter';
import { texNumber, texWords } from '../../src/ui/figure/doors/tex';

describe('answers', () => {
  const logits = {
    texts: ['a', 'b'],
    scale: 10,
    teacher: Float32Array.of(0, 0, Math.log(3), 0),
    student: Float32Array.of(5, 5, 0, 0),
  };

  it('are each image’s probabilities at a temperature', () => {
    expect([...answerOf(logits, 1, 1).teacher]).toEqual([expect.closeTo(0.75), expect.closeTo(0.25)]);
    expect(answerOf(logits, 1, 2).teacher[0]).toBeCloseTo(Math.sqrt(3) / (1 + Math.sqrt(3)));
  });

  it('have a divergence, 0 where they are the same', () => {
    const [same, other] = [answerOf(logits, 0, 1), answerOf(logits, 1, 1)];
    expect(divergence(same.teacher, same.student)).toBeCloseTo(0);
    expect(divergence(other.teacher, other.student)).toBeCloseTo(0.75 * Math.log(1.5) + 0.25 * Math.log(0.5));
    expect(divergence(Float64Array.of(1, 0), Float64Array.of(0.5, 0.5))).toBeCloseTo(Math.LN2);
  });
});

describe('TeX', () => {
  it('writes figures as people set them', () => {
    expect(texNumber(0.0312)).toBe('0.0312');
    expect(texNumber(0.000031)).toBe('3.1 \\cdot 10^{-5}');
    expect(texNumber(undefined)).toBe('\\text{–}');
  });

  it('takes any text, without its commands', () => {
    expect(texWords('50 % \\href{x}')).not.toMatch(/[%]|\\href/);
  });
});

describe('the gallery’s filter', () => {
  const prediction = (truth: string[], teacher: string, student: string): Prediction => ({
    image: 0,
    path: 'test/Owl-1.png',
    truth,
    teacher: [{ text: teacher, probability: 1 }],
    student: [{ text: student, probability: 1 }],
    attention: new Float32Array(),
  });
  const missed = prediction(['owl'], 'owl', 'tent');

  it('finds mistakes and differences', () => {
    expect(isShown(missed, 'student-wrong', '')).toBe(true);
    expect(isShown(missed, 'teacher-wrong', '')).toBe(false);
    expect(isShown(missed, 'differ', '')).toBe(true);
    expect(isShown(prediction(['owl'], 'tent', 'tent'), 'differ', '')).toBe(false);
  });

  it('calls nothing wrong where no text is known to be right', () => {
    expect(isShown(prediction([], 'owl', 'tent'), 'student-wrong', '')).toBe(false);
  });

  it('wants all words, in path or texts', () => {
    expect(isShown(missed, 'all', 'owl TENT')).toBe(true);
    expect(isShown(missed, 'all', 'owl key')).toBe(false);
  });
});
