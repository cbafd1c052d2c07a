import { describeRun } from '../describeRun';
import { defaultRun } from '../store';
import type { KeptRun } from './stored';

/** What a run is called: as the user says, or else what it has otherwise than the default run. */
export const nameOf = ({ name, run }: Pick<KeptRun, 'name' | 'run'>): string =>
  name ?? describeRun(run, defaultRun);
