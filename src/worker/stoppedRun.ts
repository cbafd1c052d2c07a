import type { Manifest } from '../run/distillery';

/** A student as training has made it so far: in which run, after how many steps, and the tensors that they changed, as safetensors. */
export interface TrainedStudent {
  run: string;
  step: number;
  tensors: Blob;
}

/** Files that were dropped for a run, or made on the page. */
export interface DroppedThing {
  what: 'data' | 'teacher' | 'student' | 'tensors';
  /** Of the folder, or of the only file. */
  name: string;
  files: number;
  /** What `fingerprint` answers for them. */
  fingerprint: string;
  /** Its only file, where it was stored with the run; else only the user can bring it again. */
  stored?: { path: string; file: File };
}

/** A run as its last whole checkpoint has it. */
export interface StoppedRun {
  student: TrainedStudent;
  /** Settings and data. */
  manifest: Manifest;
  /** What was dropped, data in the order of the manifest's parts. */
  dropped: DroppedThing[];
  /** Another tab has it loaded. */
  isElsewhere: boolean;
  /** What the run has shown, as an exported run has it, without its settings. */
  record: Record<string, unknown>;
}
