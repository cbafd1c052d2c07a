import { z } from 'zod';
import { ENGINE_NAMES } from './engines/engine';

const amount = z.number().nonnegative();

const range = z.tuple([amount, amount]);

/** A step as one engine took it: medians of the rounds. */
const stepSchema = z.object({
  shape: z.string(),
  engine: z.enum(ENGINE_NAMES),
  /** From one step to the next, with at most two on their way. */
  seconds: amount,
  /** Fastest and slowest round. */
  secondsRange: range,
  /** In JavaScript, until the call returns; on wasm that is the step itself. */
  issueSeconds: amount,
  /** What a step asks of WebGPU; a write is a `writeBuffer`, or a buffer mapped at its creation. */
  dispatches: amount,
  submits: amount,
  writes: amount,
  /** The most that its GPU buffers held at once, set-up and first steps included. */
  peakBytes: amount,
});

/** How fast matrices are multiplied at a step's own sizes: the best of all candidates. */
const gemmSchema = z.object({
  shape: z.string(),
  /** Operations a second of the fastest product, and which it was. */
  flops: amount,
  product: z.string(),
  candidate: z.string(),
  /** Each product by its fastest candidate. */
  products: z.array(z.object({ product: z.string(), candidate: z.string(), flops: amount })),
  /** Of all those products one after the other, as often as the step has them. */
  mixedFlops: amount,
});

/** A CLIP's tower at inference. */
const inferenceSchema = z.object({
  tower: z.string(),
  engine: z.string(),
  batch: amount,
  /** Images or texts: the median of the rounds, and the slowest and fastest. */
  perSecond: amount,
  perSecondRange: range,
});

/** What WebGPU takes beside computing. */
const overheadSchema = z.object({
  /** Tiny ones, each of which waits for the one before, in one command buffer. */
  dispatchesPerSecond: amount,
  dispatchesPerSecondRange: range,
  /** From the submission of a number's copy to the number in JavaScript. */
  readbackSeconds: amount,
  readbackSecondsRange: range,
});

/** A step's dispatches of one program, each timed in a pass of its own. */
const kernelSchema = z.object({
  shape: z.string(),
  kernel: z.string(),
  dispatches: amount,
  seconds: amount,
});

/** A rival that could not run, and why. */
const leftOutSchema = z.object({ measured: z.string(), engine: z.string(), reason: z.string() });

const ratio = amount.nullable();

/** The rival's seconds over ours, wasm against wasm; null where one of the two did not run. */
const ratiosSchema = z.object({
  vsTfjs: ratio,
  vsJax: ratio,
  vsTfjsWasm: ratio,
  vsJaxWasm: ratio,
  /** PyTorch's on one thread, against WebAssembly; results from before it was measured lack it. */
  vsNative: ratio.default(null),
  /** The step's matrix products, at our time on WebGPU, over the rate of the fastest product. */
  ofGemmRoof: ratio,
});

export const benchResultSchema = z.object({
  adapter: z.string(),
  /** Whether the adapter is a program on the CPU; results from before it was noted lack it, its platform and its date. */
  isSoftware: z.boolean().optional(),
  /** The browser and its system, or Node. */
  platform: z.string().optional(),
  /** YYYY-MM-DD. */
  date: z.iso.date().optional(),
  /** What whoever contributed it has to say of it. */
  note: z.string().optional(),
  rounds: amount,
  step: z.array(stepSchema),
  gemm: z.array(gemmSchema),
  inference: z.array(inferenceSchema),
  /** On WebGPU. */
  overhead: overheadSchema.optional(),
  /** Of the step on WebGPU, the longest first; empty where the adapter has no timestamps. */
  kernels: z.array(kernelSchema).default([]),
  leftOut: z.array(leftOutSchema),
  /** Of the first shape. */
  ratios: ratiosSchema,
});

export type BenchResult = z.output<typeof benchResultSchema>;
export type StepResult = z.output<typeof stepSchema>;
export type GemmRoof = z.output<typeof gemmSchema>;
export type InferenceResult = z.output<typeof inferenceSchema>;
export type Overhead = z.output<typeof overheadSchema>;
export type KernelTime = z.output<typeof kernelSchema>;
export type LeftOut = z.output<typeof leftOutSchema>;
export type Ratios = z.output<typeof ratiosSchema>;
