import { InputError } from '../../files/folder';
import type { EvaluationSummary } from '../../run/report';
import { parseRun, type Run } from '../../run/schema';
import type { TrainedStudent } from '../../worker/api';
import { type Curves, copyOf } from '../history';
import { type Migrations, migrated, type Stored, versioned } from './versions';

/** A run with all that is known of it afterwards. */
export interface KeptRun {
  id: string;
  /** What the user calls it; without it, its settings are its name. */
  name?: string;
  /** When its first step came, in milliseconds since 1970. */
  startedAt: number;
  run: Run;
  /** Names of the data, the device and the models. */
  data: string;
  device: string;
  teacher: string;
  student: string;
  curves: Curves;
  evaluations: EvaluationSummary[];
  /** The student as its last step left it, of the best run of a comparison. */
  trained?: TrainedStudent;
  /** It came from a file; those of this page are kept before it. */
  isImported?: boolean;
}

/** In letters. Longer ones, which earlier versions let in from files, would hold the page up on every visit. */
export const LONGEST_TEXT = 4096;

const isShort = (run: KeptRun): boolean =>
  Object.values(run).every((value) => typeof value !== 'string' || value.length <= LONGEST_TEXT);

export type StoredRun = Stored<KeptRun>;

/** A stored run that this version of the page can't show; it stays stored as it is. */
export interface UnreadRun {
  id: string;
  problem: string;
}

/** A change of `KeptRun` or of the run schema adds one. */
const migrations: Migrations<KeptRun> = [
  // Runs had no version, and none of the settings that came later: reading fills in their defaults.
  (run) => run,
];

/** With curves of their own: of a view all that it is a part of would be stored. */
export const toStored = (run: KeptRun): StoredRun =>
  versioned({ ...run, curves: copyOf(run.curves) }, migrations);

/**
 * A run from the browser's storage, of whatever version.
 *
 * @throws InputError where this version can't show it, with the reason
 */
export function fromStored(stored: StoredRun): KeptRun {
  const { name, data, startedAt } = stored;
  const when = new Date(startedAt).toLocaleString('en-GB');
  if (!isShort(stored))
    throw new InputError(`The run of ${when} has a text of more than ${LONGEST_TEXT} letters.`);
  const where = `The run ${name ?? `on ${data}`} of ${when}`;
  const { version, ...run } = migrated(stored, migrations, where);
  return { ...run, run: parseRun(run.run, `${where}, settings`) };
}
