import type { Prediction } from '../../evaluate/results';

export type Order = 'disagreement' | 'student-wrong' | 'teacher-wrong' | 'data';

export const orders: readonly (readonly [Order, string])[] = [
  ['disagreement', 'disagreement first'],
  ['student-wrong', 'student’s mistakes first'],
  ['teacher-wrong', 'teacher’s mistakes first'],
  ['data', 'in the order of the data'],
];

export function sortPredictions(predictions: Prediction[], order: Order): Prediction[] {
  if (order === 'data') return predictions;
  const score = { disagreement, 'student-wrong': wrong('student'), 'teacher-wrong': wrong('teacher') }[order];
  return [...predictions].sort((a, b) => score(b) - score(a));
}

export const isRight = ({ truth }: Prediction, text: string | undefined): boolean =>
  text !== undefined && truth.includes(text);

/** How far apart both models' probabilities are over their likeliest texts (half of L1, 0..1). */
function disagreement({ teacher, student }: Prediction): number {
  const texts = new Set([...teacher, ...student].map(({ text }) => text));
  const of = (guesses: Prediction['teacher'], text: string) =>
    guesses.find((g) => g.text === text)?.probability ?? 0;
  return [...texts].reduce((sum, text) => sum + Math.abs(of(teacher, text) - of(student, text)) / 2, 0);
}

/** Mistakes first, the surest of them at the top. */
const wrong = (model: 'teacher' | 'student') => (prediction: Prediction) => {
  const best = prediction[model][0];
  return best && !isRight(prediction, best.text) ? best.probability : -1;
};
