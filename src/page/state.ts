import type { DataSummary } from '../data/summary';
import type { DeviceInfo } from '../device/info';
import type { Evaluation } from '../evaluate/results';
import type { EvaluationSummary } from '../run/report';
import type { Run } from '../run/schema';
import type { StepMetrics } from '../train/events';
import type { DataPart, DemoGroup, ModelSummary, Precision } from '../worker/api';

/** Where a run stands: `controller.ts` draws the ways between. */
export type Phase =
  | 'loading'
  | 'starting'
  | 'ready'
  | 'running'
  | 'pausing'
  | 'paused'
  | 'diverged'
  | 'finished'
  | 'failed';

/** The user has asked for Play; the engine follows as soon as it can. */
export const wantsPlay = ({ phase }: Pick<RunState, 'phase'>): boolean =>
  phase === 'starting' || phase === 'running';

/** Data and models are being replaced. */
export const isLoading = ({ phase }: Pick<RunState, 'phase'>): boolean =>
  phase === 'loading' || phase === 'starting';

/** There is a student that can go on. */
export const canGoOn = (phase: Phase): boolean =>
  ['ready', 'running', 'pausing', 'paused', 'diverged'].includes(phase);

export interface Progress {
  /** The run that it belongs to; nothing where data or a model is opened. */
  run?: string;
  label: string;
  done: number;
  total: number;
  unit: string;
}

interface Problem {
  id: number;
  message: string;
  /** Nothing failed. */
  isNotice: boolean;
}

/** The run of the moment: what its controller alone writes. */
export interface RunState {
  phase: Phase;
  /** What the engine and the kept runs call this run; another one from each start on. */
  runId: string;
  /** Its settings, as the engine has them. */
  loadedRun: Run;
  teacher?: ModelSummary;
  student?: ModelSummary;
  /** What the teacher's tokenizer can't say well of the captions, in sentences. */
  captionDoubts: string[];
  metrics?: StepMetrics;
  /** Counts changes of `history`, which React does not see. */
  version: number;
  /** Counts changes of which images there are, in which order: an image's index means something else then. */
  imagesVersion: number;
  /** Looking into the images has changed what there is to train on since it was loaded. */
  isDataChanged: boolean;
  evaluation?: Evaluation;
  /** The steps after which its student is kept, ascending. */
  moments: number[];
  /** That of them which is looked at; nothing where the student is shown as it is. */
  moment?: number;
  /** All of this run, one a step, in their order. */
  evaluations: EvaluationSummary[];
  /** The first step whose loss was no number, and the images of its batch. */
  diverged?: { step: number; images: number[] };
  progress: Progress[];
}

export interface State extends RunState {
  device?: DeviceInfo;
  data?: DataSummary;
  isDemo: boolean;
  /** What the data adds up from; nothing for the demo. */
  parts: DataPart[];
  /** What is being read, until it is there, fails or is cancelled; a drop meanwhile adds to its parts. */
  opening?: { parts: DataPart[] };
  /** A model is being opened, which can be cancelled. */
  isOpeningModel: boolean;
  /** A drop of images alone, and what the engine said to it: class names are asked for. */
  unlabelled?: { parts: DataPart[]; message: string };
  /** The name of the data of the last visit, where it can be opened again. */
  remembered?: string;
  groups: DemoGroup[];
  defaultConcepts: string[];
  concepts: string[];
  /** Where models come from if not from the public hub itself. */
  hubAccess: { endpoint?: string; hasToken: boolean };
  /** How the teacher's weights lie on the device. */
  teacherPrecision: Precision;
  /** The settings as edited. */
  run: Run;
  problems: Problem[];
  /** Nothing has been heard for long of an engine that trains. */
  isSilent?: boolean;
  /** The engine has ended again and again, as these words say, and waits to be told that it is to go on, training or not. */
  ended?: { words: string; goOn: (plays?: boolean) => Promise<void> };
}
