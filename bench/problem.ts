import type { VisionConfig } from '../src/clip/config';
import { randomCheckpoint, randomWeights } from '../src/clip/initialise';
import { RUNNING_MEAN, RUNNING_VARIANCE } from '../src/distill/heads';
import { lossSchema } from '../src/distill/methods/methods';
import { startingTensors } from '../src/distill/startingTensors';
import { Random } from '../src/files/random';
import { type HostTensors, readAll } from '../src/files/tensors';
import type { TrainOptions } from '../src/train/options';
import { configOf, type StepShape } from './shapes';

/** Weights and data of a step, in main memory: the same for every engine. */
export interface Problem {
  shape: StepShape;
  /** The student's image tower, heads and, where they learn, prompts. */
  student: HostTensors;
  /** Names of the student's tensors that learn. */
  trained: string[];
  /** The teacher's image tower, where it runs in the step. */
  teacher: HostTensors;
  /** The teacher's text features, [texts, d], rows of length 1. */
  W: Float32Array<ArrayBuffer>;
  /** The scale of the logits. */
  s: number;
  /** [batch, 3, size, size]. */
  pixels: Float32Array<ArrayBuffer>;
  /** What the teacher is given: pixels for its tower, or its features [batch, d], rows of length 1. */
  teacherInput: { pixels: Float32Array<ArrayBuffer> } | { features: Float32Array<ArrayBuffer> };
}

export const LOSS = lossSchema.parse({ maxTexts: 1000 });

/** AdamW as in `src/train`: beta1 0.9, beta2 0.999, epsilon 1e-8, decay on tensors of rank 2 and more. */
export const ADAM_W = { beta1: 0.9, beta2: 0.999, epsilon: 1e-8, learningRate: 5e-4, weightDecay: 0.05 };

export function trainOptions({ parameters, batch }: StepShape): TrainOptions {
  return {
    parameters,
    optimizer: 'adamw',
    learningRate: ADAM_W.learningRate,
    weightDecay: ADAM_W.weightDecay,
    momentum: 0,
    batchSize: batch,
    accumulate: 1,
    steps: 1e6,
    schedule: 'constant',
    warmupSteps: 0,
    shuffle: false,
    augment: 'none',
    seed: 0,
  };
}

/** EduAttention's α; at its usual start, 0, half of EduAttention would get no gradient in the first step. */
const ALPHA = 0.3;

const SCALE = 1 / 0.07;

export async function createProblem(shape: StepShape): Promise<Problem> {
  const { batch, d, texts, parameters } = shape;
  const checkpoint = randomCheckpoint(shape.student, 1, shape.name);
  const student = await readAll(startingTensors({ student: checkpoint }, d, parameters, 2));
  student['edu.alpha'] = { shape: [], data: Float32Array.of(ALPHA) };
  const { vision } = checkpoint.config;
  const teacherConfig = shape.teacher && configOf(shape.teacher);
  return {
    shape,
    student,
    trained: Object.keys(student).filter((name) => isTrained(name, shape)),
    teacher: teacherConfig ? await readAll(randomWeights(teacherConfig, 3)) : {},
    W: unitRows(texts, d, 4),
    s: SCALE,
    pixels: randomPixels(batch, vision, 5),
    teacherInput: teacherConfig
      ? { pixels: randomPixels(batch, teacherConfig.vision, 5) }
      : { features: unitRows(batch, d, 6) },
  };
}

function isTrained(name: string, { parameters }: StepShape): boolean {
  if (name === RUNNING_MEAN || name === RUNNING_VARIANCE) return false;
  return parameters === 'full' || /^(projector\.|edu\.|prompts$)/.test(name);
}

function randomPixels(batch: number, { imageSize }: VisionConfig, seed: number): Float32Array<ArrayBuffer> {
  return normal(batch * 3 * imageSize ** 2, seed);
}

function unitRows(rows: number, columns: number, seed: number): Float32Array<ArrayBuffer> {
  const values = normal(rows * columns, seed);
  for (let row = 0; row < rows; row++) {
    const part = values.subarray(row * columns, (row + 1) * columns);
    const length = Math.hypot(...part);
    for (let i = 0; i < columns; i++) part[i] /= length;
  }
  return values;
}

function normal(size: number, seed: number): Float32Array<ArrayBuffer> {
  const random = new Random(seed);
  return Float32Array.from({ length: size }, () => random.normal());
}
