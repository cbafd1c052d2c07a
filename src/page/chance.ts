import type { EvaluationSummary } from '../run/report';

/** The share (0..1) that guessing among the texts names rightly; undefined where there is nothing to guess among. */
export const chanceOf = (texts: number | undefined): number | undefined => (texts ? 1 / texts : undefined);

/** Beyond what luck gives with so many images: two standard errors of it. */
const isAbove = (share: number, chance: number, images: number): boolean =>
  share > chance + 2 * Math.sqrt((chance * (1 - chance)) / images);

/**
 * The student's accuracy as a share of the teacher's; undefined where either may be chance, of which a share says
 * nothing.
 */
export function shareOfTeacher(
  evaluation: Pick<EvaluationSummary, 'images' | 'student' | 'teacher'> | undefined,
  texts: number | undefined,
): number | undefined {
  const [student, teacher] = [evaluation?.student.top1, evaluation?.teacher.top1];
  const chance = chanceOf(texts);
  if (!evaluation || student === undefined || teacher === undefined || chance === undefined) return undefined;
  const isClear = [student, teacher].every((share) => isAbove(share, chance, evaluation.images));
  return isClear ? student / teacher : undefined;
}
