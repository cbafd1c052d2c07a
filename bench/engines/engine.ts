import type { Problem } from '../problem';

/** The parts of a step's loss. */
export interface Losses {
  total: number;
  mean: number;
  variance: number;
  kl: number;
}

/** A training step as some engine computes it. */
export interface StepEngine {
  /** Makes its backend the one that is used from now on. */
  activate(): Promise<void>;
  /** Uploads the batch and issues a step; the promise brings the losses when the device is done. */
  step(): Promise<Losses>;
  dispose(): void;
}

export type CreateEngine = (problem: Problem) => Promise<StepEngine>;

export const OUR_ENGINES = ['ours-webgpu', 'ours-wasm'] as const;

export const ENGINE_NAMES = [
  ...OUR_ENGINES,
  'tfjs-webgpu',
  'tfjs-wasm',
  'jax-webgpu',
  'jax-wasm',
  'torch-cpu',
] as const;

export type EngineName = (typeof ENGINE_NAMES)[number];
