import { demoStudent } from '../run/demo';
import { decodeRun, encodeRun } from '../run/link';
import type { Run } from '../run/schema';

/** A link to this page that holds the settings and the demo's concepts. */
export function shareLink(run: Run, concepts: string[], defaultConcepts: string[]): string {
  const url = new URL(location.href);
  if (concepts.join() === defaultConcepts.join()) url.searchParams.delete('concepts');
  else url.searchParams.set('concepts', concepts.join());
  url.hash = encodeRun(shareable(run));
  // Commas may stand in a query as they are, and read better so.
  return url.href.replaceAll('%2C', ',');
}

/** Dropped models and data are on this page alone: in a link the demo's stand in for them. Addresses and hub ids have a slash. */
function shareable(run: Run): Run {
  const isHere = (place: unknown) => typeof place === 'string' && !place.includes('/');
  const isTeacherHere = isHere(run.teacher) && run.teacher !== 'demo';
  const isCutHere = isTeacherHere && typeof run.student !== 'string' && 'from' in run.student;
  return {
    ...run,
    data: isHere(run.data) ? 'demo' : run.data,
    teacher: isHere(run.teacher) ? 'demo' : run.teacher,
    student: isHere(run.student) || isCutHere ? demoStudent : run.student,
  };
}

/** What the link that opened the page holds. */
export const sharedRun = (): Run | undefined => decodeRun(location.hash);

export const sharedConcepts = (): string[] | undefined =>
  new URLSearchParams(location.search).get('concepts')?.split(',');
