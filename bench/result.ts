import { z } from 'zod';
import { ENGINE_NAMES } from './engines/engine';

const range = z.tuple([z.number(), z.number()]);

/** A step as one engine took it: medians of the rounds. */
const stepSchema = z.object({
  shape: z.string(),
  engine: z.enum(ENGINE_NAMES),
  /** From one step to the next, with at most two on their way. */
  seconds: z.number(),
  /** Fastest and slowest round. */
  secondsRange: range,
  /** In JavaScript, until the call returns; on wasm that is the step itself. */
  issueSeconds: z.number(),
  /** What a step asks of WebGPU; a write is a `writeBuffer`, or a buffer mapped at its creation. */
  dispatches: z.number(),
  submits: z.number(),
  writes: z.number(),
  /** The most that its GPU buffers held at once, set-up and first steps included. */
  peakBytes: z.number(),
});

/** How fast matrices are multiplied at a step's own sizes: the best of all candidates. */
const gemmSchema = z.object({
  shape: z.string(),
  /** Operations a second of the fastest product, and which it was. */
  flops: z.number(),
  product: z.string(),
  candidate: z.string(),
  /** Each product by its fastest candidate. */
  products: z.array(z.object({ product: z.string(), candidate: z.string(), flops: z.number() })),
  /** Of all those products one after the other, as often as the step has them. */
  mixedFlops: z.number(),
});

/** A CLIP's tower at inference. */
const inferenceSchema = z.object({
  tower: z.string(),
  engine: z.string(),
  batch: z.number(),
  /** Images or texts: the median of the rounds, and the slowest and fastest. */
  perSecond: z.number(),
  perSecondRange: range,
});

/** A rival that could not run, and why. */
const leftOutSchema = z.object({ measured: z.string(), engine: z.string(), reason: z.string() });

const ratio = z.number().nullable();

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
  rounds: z.number(),
  step: z.array(stepSchema),
  gemm: z.array(gemmSchema),
  inference: z.array(inferenceSchema),
  leftOut: z.array(leftOutSchema),
  /** Of the first shape. */
  ratios: ratiosSchema,
});

export type BenchResult = z.output<typeof benchResultSchema>;
export type StepResult = z.output<typeof stepSchema>;
export type GemmRoof = z.output<typeof gemmSchema>;
export type InferenceResult = z.output<typeof inferenceSchema>;
export type LeftOut = z.output<typeof leftOutSchema>;
export type Ratios = z.output<typeof ratiosSchema>;
