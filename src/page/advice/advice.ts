import type { DataSummary } from '../../data/summary';
import type { EvaluationSummary } from '../../run/report';
import type { Run } from '../../run/schema';
import type { ModelSummary } from '../../worker/api';
import type { Change } from '../change';
import type { Curves } from '../history';
import type { StageName } from '../teach/stage';

/** All that advice is drawn from. */
export interface Course {
  /** The settings that the engine has. */
  run: Run;
  /** An entry a step, from the first one on. */
  curves: Curves;
  evaluations: EvaluationSummary[];
  data?: DataSummary;
  student?: Pick<ModelSummary, 'initialisation'>;
  /** What the engine has reported, in its words. */
  problems: string[];
}

/** A common mistake: what is seen of it, why it matters, and what would mend it. */
export interface Advice {
  /** One of its kind at a time. */
  id: string;
  title: string;
  seen: string;
  why: string;
  /** The change of settings that mends it, in words and as data; none where only other data would. */
  mend?: { words: string; change: Change };
  /** A stage before the run that would, in words and by its name. */
  stage?: { words: string; name: StageName };
}

/** Looks for one mistake. */
export type Rule = (course: Course) => Advice | undefined;

/** Images of the data in use that are trained on. */
export const trainingImages = ({ splits, images }: DataSummary): number =>
  splits.train ?? splits.all ?? images;
