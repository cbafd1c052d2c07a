import type { DataSummary } from '../data/summary';
import type { DeviceInfo } from '../device/info';
import type { Evaluation } from '../evaluate/results';
import type { Run } from '../run/schema';
import type { SessionState, StepMetrics } from '../train/events';
import type { DemoGroup, ModelSummary, Precision } from '../worker/api';

/** The accuracies (0..1) of one evaluation, for the charts. */
export interface AccuracyPoint {
  step: number;
  student: number;
  teacher: number;
}

/** A run of this tab that was reset or replaced. */
export interface PastRun {
  id: number;
  run: Run;
  data: string;
  steps: number;
  accuracies: AccuracyPoint[];
}

export interface Progress {
  label: string;
  done: number;
  total: number;
  unit: string;
}

interface Problem {
  id: number;
  message: string;
}

export interface State {
  device?: DeviceInfo;
  session: SessionState;
  /** What the user asked for with Play and Pause; the session follows as soon as it can. */
  wantsPlay: boolean;
  /** Data and models are being replaced: the session's state is not the shown run's. */
  isLoading: boolean;
  data?: DataSummary;
  isDemo: boolean;
  groups: DemoGroup[];
  defaultConcepts: string[];
  concepts: string[];
  teacher?: ModelSummary;
  student?: ModelSummary;
  /** How the teacher's weights lie on the device. */
  teacherPrecision: Precision;
  /** The settings as edited, and as the engine has them. */
  run: Run;
  loadedRun: Run;
  metrics?: StepMetrics;
  /** Counts changes of `history`, which React does not see. */
  version: number;
  evaluation?: Evaluation;
  accuracies: AccuracyPoint[];
  past: PastRun[];
  progress: Progress[];
  problems: Problem[];
}
