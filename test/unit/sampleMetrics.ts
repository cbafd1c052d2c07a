import type { Evaluation } from '../../src/evaluate/results';
import type { StepMetrics } from '../../src/train/events';

/** A step's figures whose loss falls. */
export const metrics = (step: number): StepMetrics => ({
  step,
  total: 1 / step,
  mean: 0.1,
  variance: 0.01,
  align: 0.11,
  kl: 0.5,
  alpha: 0.2,
  learningRate: 1e-3,
  imagesPerSecond: 20,
});

/** An evaluation without images, in which the student is right so often. */
export const evaluation = (step: number, top1: number): Evaluation => ({
  step,
  images: 4,
  heldOut: true,
  agreement: 1,
  teacher: { top1: 0.9, top5: 1 },
  student: { top1, top5: 1 },
  predictions: [],
  logits: { texts: [], scale: 1, teacher: new Float32Array(), student: new Float32Array() },
  features: {
    teacherMean: new Float32Array(),
    studentMean: new Float32Array(),
    teacherVariance: new Float32Array(),
    studentVariance: new Float32Array(),
  },
  embeddings: {
    dimension: 0,
    teacher: new Float32Array(),
    student: new Float32Array(),
    texts: new Float32Array(),
  },
});
