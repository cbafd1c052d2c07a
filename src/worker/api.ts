import type { Precision } from '../clip/weights';
import type { DataSummary } from '../data/summary';
import type { BackendName, DeviceInfo } from '../device/info';
import type { MemoryUse } from '../device/memory';
import type { Run } from '../run/schema';
import type { SessionEvent } from '../train/events';

export type { Precision } from '../clip/weights';
export type { DataSummary } from '../data/summary';

/** A dropped or picked file with its path inside the drop. */
export interface DroppedFile {
  path: string;
  file: File;
}

export interface ModelSummary {
  name: string;
  /** 'ViT 64/8, 6 × 128'. */
  description: string;
  /** Parameters of the image tower, and of the whole model. */
  imageParameters: number;
  parameters: number;
  /** Bytes of its weights as loaded. */
  bytes: number;
  initialisation: 'checkpoint' | 'random';
}

/** One concept of the demo data that can be chosen. */
export interface DemoGroup {
  id: string;
  name: string;
  bytes: number;
  concepts: { id: string; name: string }[];
}

/** The engine as the page sees it. It lives in a worker; every method is asynchronous and safe in every state. */
export interface EngineApi {
  /** Chooses and starts the backend; 'auto' takes WebGPU where there is an adapter. Events arrive at `listener` until the page goes. */
  start(backend: BackendName | 'auto', listener: (event: SessionEvent) => void): Promise<DeviceInfo>;
  demoGroups(): Promise<{ groups: DemoGroup[]; defaultConcepts: string[] }>;
  /** Loads the demo's images of these concepts (ids); the default ones where none are named. Replaces the data. */
  openDemo(concepts?: string[]): Promise<DataSummary>;
  /** Reads dropped files or one archive. The data set in use stays where nothing usable is found (the promise rejects with the reason). */
  openData(files: DroppedFile[]): Promise<DataSummary>;
  /** Takes a checkpoint as the teacher or the student: a dropped folder, or a web address or hub id. */
  openModel(role: 'teacher' | 'student', from: DroppedFile[] | string): Promise<ModelSummary>;
  /** Builds models and data for this run anew: random or loaded weights, step 0. */
  load(run: Run, teacherPrecision: Precision): Promise<{ teacher: ModelSummary; student: ModelSummary }>;
  play(): Promise<void>;
  pause(): Promise<void>;
  step(): Promise<void>;
  /** Back to step 0 with the same run. */
  reset(): Promise<void>;
  /** The original file of an image of the data set in use. */
  image(index: number): Promise<Blob>;
  /** What is in use, and what a step of the loaded run needs. */
  memory(): Promise<MemoryUse & { stepBytes?: number }>;
  /** The student as a zip: checkpoint folder, heads.safetensors, run.json. */
  exportStudent(): Promise<Blob>;
}
