import { partName } from '../data/partName';
import { plural } from '../format';
import { store } from '../store';
import { present, type Work } from './work';

/** What was taken from the page: the student after which step of which run, and what was dropped. */
const saved = { student: '', dropped: new Set<unknown>() };

const studentOf = (runId: string, step: number): string => `${runId} ${step}`;

/** To be called when the student of a run, as it was after a step, lies in a file that was saved, or came from one. */
export function markStudentSaved(runId: string, step: number): void {
  saved.student = studentOf(runId, step);
}

/** To be called when what was dropped lies in a file that was saved, or came from one. */
export function markDropsSaved(work: Work): void {
  for (const { drop } of drops(work)) saved.dropped.add(drop);
}

/** The student, in words, where it has learned something and is saved nowhere. */
export function unsavedStudent(): string | undefined {
  const { runId, metrics } = store.getState();
  const step = metrics?.step ?? 0;
  return step > 0 && saved.student !== studentOf(runId, step)
    ? `the student as it is after ${plural(step, 'step')}`
    : undefined;
}

/** From now on the browser asks before the page is left with such a student. */
export const askBeforeLeaving = (): void =>
  addEventListener('beforeunload', (event) => {
    if (unsavedStudent()) event.preventDefault();
  });

/** What would be lost with the page's work, in words. A link brings the rest back. */
export function losses(): string[] {
  const student = unsavedStudent();
  const lost = drops(present()).filter(({ drop }) => !saved.dropped.has(drop));
  return [...(student ? [student] : []), ...lost.map(({ words }) => words)];
}

/** What of the work is in no link, in words. */
export function notInLink(): string[] {
  const hasLearned = store.getState().metrics !== undefined;
  return [
    ...drops(present()).map(({ words }) => words),
    ...(hasLearned ? ['what the student has learned'] : []),
  ];
}

const drops = ({ parts, models }: Work): { words: string; drop: unknown }[] => [
  ...parts.flatMap((drop) => ('files' in drop ? [{ words: `the dropped ${partName(drop)}`, drop }] : [])),
  ...Object.entries(models).map(([role, drop]) => ({ words: `the dropped ${role}`, drop })),
];

/** 'a, b and c'. */
export const listed = (words: readonly string[]): string => new Intl.ListFormat('en-GB').format(words);
