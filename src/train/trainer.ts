import * as tf from '@tensorflow/tfjs-core';
import type { Weights } from '../clip/weights';
import { comkdParts, type TeacherView } from '../distill/comkd';
import { RUNNING_MEAN, RUNNING_VARIANCE } from '../distill/heads';
import { methodLoss, objective } from '../distill/objective';
import type { LossOptions, Method } from '../distill/options';
import { type Student, studentInputFeatures } from '../distill/student';
import { chosenTexts, type Teacher, teacherInputFeatures } from '../distill/teacher';
import type { TowerInput } from '../distill/towerInput';
import type { HostTensors } from '../files/tensors';
import { type BatchNormStatistics, runningStatistics } from '../ops/batchNorm';
import { createOptimizer, type Optimizer } from './optimizer';
import type { TrainOptions } from './options';
import { readTensors } from './readTensors';
import { learningRateAt } from './schedule';

/** One step's images and texts, in main memory. */
export interface TrainBatch {
  /** Indices into the data set's images. */
  images: number[];
  /** What these pictures are called in the feature caches; undefined where they won't come again. */
  keys?: number[];
  teacher: TowerInput;
  student: TowerInput;
  /** Which of the teacher's texts the batch is classified against; all where undefined. */
  texts?: Int32Array;
  /** Each image's right texts, as positions among those. */
  targets: number[][];
}

/** What comes of a step, still on the device; the caller disposes it. */
export interface StepResult {
  /** total, L_mean, L_var, KL, and α before the update: one tensor [5], so that one read-back brings them all. */
  figures: tf.Tensor1D;
  /** Of the towers that don't learn: what they made of the batch. */
  teacherFeatures: tf.Tensor2D;
  studentFeatures?: tf.Tensor2D;
}

/** Teacher, student and optimiser, and the step that joins them. It never waits for the device. */
export class Trainer {
  /** Steps taken. */
  step = 0;
  private readonly loss: LossOptions;
  private readonly parameters: Record<string, tf.Variable>;
  private readonly optimizer: Optimizer;

  constructor(
    readonly teacher: Teacher,
    readonly student: Student,
    private readonly method: Method,
    loss: LossOptions,
    private readonly train: TrainOptions,
  ) {
    this.loss = methodLoss(method, loss);
    this.parameters = Object.fromEntries(
      Object.entries(variablesOf(student.weights)).filter(([name]) => student.trained.includes(name)),
    );
    this.optimizer = createOptimizer(this.parameters, train);
  }

  /** The learning rate of the next step. */
  get learningRate(): number {
    return learningRateAt(this.step, this.train);
  }

  trainStep(batch: TrainBatch): StepResult {
    const { teacher, student } = this;
    const result = tf.tidy(() => {
      const size = batch.images.length;
      const u_t = teacherInputFeatures(teacher, batch.teacher, size);
      const encode = () => studentInputFeatures(student, batch.student, size);
      // Outside the gradient's tape, a tower that doesn't learn leaves nothing behind in memory.
      const frozen = this.train.parameters === 'heads' ? encode() : undefined;
      const W = chosenTexts(teacher, batch.texts);
      const q_right = () => rightTexts(batch.targets, W.shape[0]);
      const { gradients, figures, statistics } = this.differentiate(
        { u_t, W, s: teacher.s },
        q_right,
        () => frozen ?? encode(),
      );
      this.optimizer.update(gradients, this.step, this.learningRate);
      this.updateRunningStatistics(statistics, size);
      return { figures, teacherFeatures: u_t, studentFeatures: frozen };
    });
    this.step++;
    return result;
  }

  /** @param encode gives the student's image features; called on the tape */
  private differentiate(view: TeacherView, targets: () => tf.Tensor, encode: () => tf.Tensor) {
    const forward = () => {
      const { weights } = this.student;
      const parts = comkdParts(view, encode(), weights, this.loss);
      const total = objective(this.method, parts, this.loss, targets);
      const figures = tf.stack([total, parts.mean, parts.variance, parts.kl, weights['edu.alpha']]);
      return { total, figures: figures as tf.Tensor1D, statistics: parts.statistics };
    };
    let outputs: ReturnType<typeof forward> | undefined;
    const { grads } = tf.variableGrads(() => {
      outputs = forward();
      // Kept, or the tape's own scope would dispose them.
      const { figures, statistics, total } = outputs;
      for (const tensor of [figures, statistics.mean, statistics.variance]) tf.keep(tensor);
      return total;
    }, Object.values(this.parameters));
    if (!outputs) throw new Error('variableGrads did not run the forward pass');
    return { gradients: byParameter(this.parameters, grads), ...outputs };
  }

  private updateRunningStatistics(batch: BatchNormStatistics, size: number): void {
    const { [RUNNING_MEAN]: mean, [RUNNING_VARIANCE]: variance } = variablesOf(this.student.weights);
    const next = runningStatistics({ mean, variance }, batch, size);
    mean.assign(next.mean);
    variance.assign(next.variance);
    tf.dispose([batch.mean, batch.variance]);
  }

  /** Everything that training changes, to go on from later: the student's variables and the optimiser's memory. */
  state(): Promise<HostTensors> {
    return readTensors(this.changing());
  }

  /** @param state of a trainer of the same run */
  restore(state: HostTensors, step: number): void {
    for (const [name, variable] of Object.entries(this.changing())) {
      const { data, shape } = state[name];
      tf.tidy(() => variable.assign(tf.tensor(data, shape)));
    }
    this.step = step;
  }

  private changing(): Record<string, tf.Variable> {
    return { ...variablesOf(this.student.weights), ...this.optimizer.state };
  }

  /** Lets go of the student and the optimiser's memory; the teacher stays. */
  dispose(): void {
    this.optimizer.dispose();
    tf.dispose(this.student.weights);
  }
}

/** Gradients by the parameters' names; what has no part in the loss gets none. */
function byParameter(parameters: Record<string, tf.Variable>, gradients: Record<string, tf.Tensor>) {
  const named = Object.entries(parameters).map(([name, { name: id }]) => [name, gradients[id]] as const);
  return Object.fromEntries(named.filter(([, gradient]) => gradient !== undefined));
}

/** Each row spreads its 1 evenly over the image's right texts: [batch, texts]. */
function rightTexts(targets: number[][], texts: number): tf.Tensor2D {
  const rows = new Float32Array(targets.length * texts);
  for (const [row, right] of targets.entries())
    for (const text of right) rows[row * texts + text] = 1 / right.length;
  return tf.tensor2d(rows, [targets.length, texts]);
}

function variablesOf(weights: Weights): Record<string, tf.Variable> {
  const variables: Record<string, tf.Variable> = {};
  for (const [name, tensor] of Object.entries(weights))
    if (tensor instanceof tf.Variable) variables[name] = tensor;
  return variables;
}
