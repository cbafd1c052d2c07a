import type { ModelCost } from '../clip/cost';
import type { RasteriseSvg } from '../data/images/decodePool';
import type { DataOptions } from '../data/options';
import type { DataSummary } from '../data/summary';
import type { BackendName, DeviceInfo } from '../device/info';
import type { MemoryUse } from '../device/memory';
import type { Precision } from '../device/webgpu/half';
import type { Accuracy, AttentionMaps, ImageAnswers, SearchResult } from '../evaluate/results';
import type { PrecisionResult } from '../export/exportedStudent';
import type { StoredModel } from '../files/storage';
import type { RemoteModel } from '../hub/model';
import type { HubAccess } from '../hub/place';
import type { AdaptSettings } from '../run/adaptSchema';
import type { EvaluationSummary } from '../run/report';
import type { Run } from '../run/schema';
import type { RunEvent, SessionEvent, StepMetrics } from '../train/events';
import type { StoppedRun, TrainedStudent } from './stoppedRun';

export type { DataOptions } from '../data/options';
export type { DataSummary } from '../data/summary';
export type { Precision } from '../device/webgpu/half';
export type { PrecisionResult } from '../export/exportedStudent';
export type { DroppedThing, StoppedRun, TrainedStudent } from './stoppedRun';

/** A dropped or picked file with its path inside the drop. */
export interface DroppedFile {
  path: string;
  file: File;
}

/** One drop, or one data set of the hub; several add up to the data. The id is the page's own for it. */
export type DataPart = { id: string; files: DroppedFile[] } | { id: string; hub: string };

/** An image of the data in use, as a list shows it. */
export interface ImageRow {
  index: number;
  path: string;
  /** Its class name, or its captions. */
  texts: string[];
  split?: string;
}

/** A picture from outside the data. The id is the page's own for it. */
export interface AskedPicture extends DroppedFile {
  id: string;
}

/** Which of some texts a picture, or an image of the data in use, goes with. */
export interface ImageQuestion {
  image: number | AskedPicture;
  /** As the teacher is to read them. */
  texts: string[];
  /** Whether the data's own texts are asked too. */
  withOwn: boolean;
}

export type Role = 'teacher' | 'student';

/** What follows from a model's configuration. */
export interface ModelSizes extends ModelCost {
  /** 'ViT 64/8, 6 × 128'. */
  description: string;
  /** Of the image tower. */
  layers: number;
  width: number;
  heads: number;
  /** Dimension of the features that images and texts share. */
  projectionDim: number;
}

export interface ModelSummary extends ModelSizes {
  name: string;
  /** Bytes of its weights as loaded. */
  bytes: number;
  initialisation: 'checkpoint' | 'random' | 'cut';
}

/** What loading a model would take, as far as it can be known before. */
export interface ModelDescription {
  name: string;
  /** What the hub tells of a model there. */
  remote?: RemoteModel;
  /** Undefined where no file tells them. */
  sizes?: ModelSizes;
  /** Bytes that this device allows in one buffer. */
  largestBuffer: number;
}

export interface StoredModelRow extends StoredModel {
  /** It is loaded, or about to be; it can't be deleted. */
  isInUse: boolean;
}

/** What a run has shown until it stopped. */
export interface Past {
  /** When its first step came, in milliseconds since 1970. */
  startedAt: number;
  /** The figures of its steps by their names. */
  curves: Record<string, Float64Array>;
  evaluations: EvaluationSummary[];
}

/** A run as it was loaded, and its models. */
export interface LoadedRun {
  id: string;
  teacher: ModelSummary;
  student: ModelSummary;
  /** What the teacher's tokenizer can't say well of the captions, in sentences. */
  captionDoubts: string[];
}

/** How a teacher does on held-out images, where the data has any; shares 0..1. */
export interface TeacherResult extends Accuracy {
  images: number;
  heldOut: boolean;
}

/** What is heard of a teacher that is being made or adapted. */
export type StageEvent =
  | { type: 'before'; result: TeacherResult }
  | { type: 'step'; metrics: StepMetrics }
  | Extract<RunEvent, { type: 'progress' | 'notice' }>;

/** What a teacher learnt before a run, as a file. */
export interface TaughtTeacher {
  file: Blob;
  after: TeacherResult;
}

/** One concept of the demo data that can be chosen. */
export interface DemoGroup {
  id: string;
  name: string;
  bytes: number;
  concepts: { id: string; name: string }[];
}

/** What the page is told; of a run where it carries the id of one. */
export type EngineEvent =
  | SessionEvent
  /** As in a run: of data or a model that is being opened, or of the device. */
  | (Extract<RunEvent, { type: 'progress' | 'problem' }> & { run?: undefined })
  /** A model is being opened, or no longer; meanwhile cancelModel stops it. */
  | { type: 'opening'; run?: undefined; isOpening: boolean }
  /** The steps after which the student of this run is kept, ascending: what can be looked at. */
  | { type: 'moments'; run: string; steps: number[] }
  /** More is known of the data in use; with `changed`, images or splits are others than those that were loaded. */
  | { type: 'data'; run?: undefined; summary: DataSummary; changed: boolean };

/** The engine as the page sees it. It lives in a worker; every method is asynchronous and safe in every state. */
export interface EngineApi {
  /** Chooses and starts the backend; 'auto' takes WebGPU where there is an adapter. Events arrive at `listener` until the page goes. `rasteriseSvg` draws what workers can't. */
  start(
    backend: BackendName | 'auto',
    listener: (event: EngineEvent) => void,
    rasteriseSvg: RasteriseSvg,
  ): Promise<DeviceInfo>;
  demoGroups(): Promise<{ groups: DemoGroup[]; defaultConcepts: string[] }>;
  /**
   * Loads the demo's images of these concepts (ids), the default ones where none are named, with the few shots and labels
   * of the options. Replaces the data.
   */
  openDemo(concepts?: string[], options?: DataOptions): Promise<DataSummary>;
  /**
   * Reads all parts as one data set, which replaces the data in use. A part that was read before, by its id, is not
   * indexed again. Looking into all images goes on behind, told by `data` events. Rejects with the reason where nothing
   * usable is found; then the data in use stays. The error's name is 'NeedsClasses' where images come without any text,
   * which `options.classes` would make up for.
   */
  openData(parts: DataPart[], options: DataOptions): Promise<DataSummary>;
  /** Stops an openData under way; it rejects. */
  cancelOpening(): Promise<void>;
  /** Images `from` up to before `to` of those whose path or text holds `search`, and how many these are. */
  imageRows(from: number, to: number, search: string): Promise<{ rows: ImageRow[]; total: number }>;
  /** An image as training sees it, RGBA pictures of `size` × `size`: so many random draws of this augmentation. */
  augmented(
    index: number,
    draws: number,
    augment: Run['train']['augment'],
  ): Promise<{ size: number; pictures: Uint8ClampedArray<ArrayBuffer>[] }>;
  /** What loading the model at a web address or hub id would take. Rejects with the reason where there is none to load. */
  describeModel(place: string): Promise<ModelDescription>;
  /** The student that the loaded run would get from this; rejects with the reason where it makes none. */
  describeStudent(student: Run['student']): Promise<ModelDescription>;
  /**
   * Takes a checkpoint as the teacher or the student, from the next load on: a dropped folder or archive, or a web
   * address or hub id, which is downloaded and kept. The models in use stay where it rejects.
   */
  openModel(role: Role, from: DroppedFile[] | string): Promise<ModelSummary>;
  /**
   * Takes a safetensors file that runs may name by its path as their `teacherPrompts`, `heads` or `prompts`. Rejects where
   * it is none.
   */
  openTensors(file: DroppedFile): Promise<void>;
  /** Stops a describeModel or openModel under way; it rejects. What was downloaded is kept. */
  cancelModel(): Promise<void>;
  /** What was downloaded, the model used last first. */
  storedModels(): Promise<StoredModelRow[]>;
  /** Deletes what is stored of one model, or of all that are not in use. Rejects for one in use. */
  deleteStoredModels(place?: string): Promise<void>;
  /**
   * A mirror of the hub and an access token, for as long as the page is open; they are stored nowhere. What is left out
   * stays as it is; an empty text forgets it.
   */
  setHubAccess(access: HubAccess): Promise<void>;
  /**
   * Builds models and data for this run anew: random or loaded weights, step 0; or, with a student of the same run that
   * was trained before, where it stood. Rejects where that one doesn't fit, and where a later load cuts this one off.
   *
   * @param id what the run's events and answers will carry, of the caller's choosing: events may overtake the answer
   * @param past of that student, so that checkpoints go on with it
   */
  load(
    id: string,
    run: Run,
    teacherPrecision: Precision,
    trained?: TrainedStudent,
    past?: Past,
  ): Promise<LoadedRun>;
  /**
   * The student as trained so far, to go on from later; undefined before models are loaded. With a step, as it was then,
   * one of the moments that were told; rejects where that one is no longer kept.
   */
  trainedStudent(step?: number): Promise<TrainedStudent | undefined>;
  /**
   * Pauses, and shows the student as it was at one of the moments that were told to all that asks for it, with an
   * evaluation; without a step, as it is. It trains on, and is kept, as it is. Rejects where that one is no longer kept.
   */
  look(step?: number): Promise<void>;
  /**
   * Trains a whole CLIP contrastively on the data in use, for it to be a teacher there; of class data on the images that
   * have labels. The loaded run and its models stay as they are. Answers its checkpoint as a zip, with a model card and
   * the run file. Rejects with the reason, also where it is cancelled.
   *
   * @param run of the method "contrastive", whose student is called as a run's teacher is
   */
  makeTeacher(run: Run, listener: (event: StageEvent) => void): Promise<TaughtTeacher>;
  /**
   * Stage I: adapts a teacher to the classes of the data in use. Answers its prompts as safetensors; as `makeTeacher`
   * otherwise.
   *
   * @param run of Stage I; what it leaves out has PromptSRC's values
   */
  adaptTeacher(run: AdaptSettings, listener: (event: StageEvent) => void): Promise<TaughtTeacher>;
  /** Stops a makeTeacher or adaptTeacher under way; it rejects. */
  cancelStage(): Promise<void>;
  /** Writes a checkpoint of the run of the moment now; otherwise it comes by itself, every few seconds of training. */
  keepCheckpoint(): Promise<void>;
  /** Where this run stood last, or the run that was kept last; undefined where nothing whole is kept of it. */
  stoppedRun(id?: string): Promise<StoppedRun | undefined>;
  /** Deletes a run's checkpoints. */
  removeCheckpoints(id: string): Promise<void>;
  play(): Promise<void>;
  pause(): Promise<void>;
  step(): Promise<void>;
  /**
   * Sets the learning rate of the loaded run from its next step on. Answers what was set in this run so far, as its run
   * file has it; undefined before models are loaded.
   */
  setLearningRate(
    learningRate: number,
  ): Promise<{ run: string; log: NonNullable<Run['train']['log']> } | undefined>;
  /** Back to step 0 with the same settings: a run of its own, with this id. */
  reset(id: string): Promise<void>;
  /** The file of an image of the data set in use, as it can be shown: HEIC becomes JPEG. */
  image(index: number): Promise<Blob>;
  /** Where both image towers look in an image of the data set in use; undefined before models are loaded. */
  attentionMaps(image: number): Promise<AttentionMaps | undefined>;
  /**
   * What both models make of an image among texts; undefined before models are loaded. A later question, or search,
   * cuts it off; it rejects. Rejects with the reason where a picture can't be read.
   */
  ask(question: ImageQuestion): Promise<ImageAnswers | undefined>;
  /** How well the held-out images, at most 400, go with a text, as `ask` otherwise. */
  search(text: string): Promise<SearchResult | undefined>;
  /** What is in use, and what a step of the loaded run needs. */
  memory(): Promise<MemoryUse & { stepBytes?: number }>;
  /** The student as a zip with all that it is exported as, and what it is worth in each precision. */
  exportStudent(): Promise<{ file: Blob; precisions: PrecisionResult[] }>;
  /** A page, as a zip, that finds all images of the data by text as the student does, offline. */
  exportSearchPage(): Promise<Blob>;
}
