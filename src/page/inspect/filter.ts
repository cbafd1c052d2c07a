import type { Prediction } from '../../evaluate/results';
import { isRight } from './order';

export type Filter = 'all' | 'student-wrong' | 'teacher-wrong' | 'differ';

export const filters: readonly (readonly [Filter, string])[] = [
  ['all', 'all images'],
  ['student-wrong', 'student wrong'],
  ['teacher-wrong', 'teacher wrong'],
  ['differ', 'models differ'],
];

/** Whether an image passes the filter and holds all searched words in its path, its texts or either model's first choice. */
export function isShown(prediction: Prediction, filter: Filter, search: string): boolean {
  const { path, truth, teacher, student } = prediction;
  const [first, second] = [teacher[0]?.text, student[0]?.text];
  // Without a right text, nothing is wrong.
  const isWrong = (text: string | undefined) => truth.length > 0 && !isRight(prediction, text);
  if (filter === 'student-wrong' && !isWrong(second)) return false;
  if (filter === 'teacher-wrong' && !isWrong(first)) return false;
  if (filter === 'differ' && first === second) return false;
  const words = search.toLowerCase().split(/\s+/).filter(Boolean);
  const all = [path, ...truth, first ?? '', second ?? ''].join(' ').toLowerCase();
  return words.every((word) => all.includes(word));
}
