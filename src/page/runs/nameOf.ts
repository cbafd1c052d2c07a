import { describeAmong, describeRun } from '../describeRun';
import { defaultRun } from '../store';
import type { KeptRun } from './stored';

/** What a run is called: as the user says, or else what it has otherwise than the default run. */
export const nameOf = ({ name, run }: Pick<KeptRun, 'name' | 'run'>): string =>
  name ?? describeRun(run, defaultRun);

/** What runs are called beside each other, by id: as the user says, or else what each has otherwise than the others. */
export function namesAmong(runs: readonly Pick<KeptRun, 'id' | 'name' | 'run'>[]): Map<string, string> {
  const distinct = [...new Map(runs.map(({ run }) => [JSON.stringify(run), run])).values()];
  return new Map(runs.map(({ id, name, run }) => [id, name ?? describeAmong(run, distinct)]));
}
