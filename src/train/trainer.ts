import * as tf from '@tensorflow/tfjs-core';
import { packedAttention, unpackAttention } from '../clip/weights';
import { readTensors, writeTensor } from '../device/hostTensors';
import { type StepInputs, StepRunner } from '../device/stepRunner';
import { RUNNING_MEAN, RUNNING_VARIANCE } from '../distill/heads';
import type { LossInputs } from '../distill/methods/method';
import { type LossOptions, type MethodName, methods } from '../distill/methods/methods';
import { operations } from '../distill/operations';
import { project } from '../distill/projector';
import { disposeStudent, type Student, studentInputFeatures } from '../distill/student';
import { chosenTexts, type Teacher, teacherInputFeatures } from '../distill/teacher';
import { inputShape, type TowerInput, type TowerTensor } from '../distill/towerInput';
import { InputError } from '../files/folder';
import { type HostTensors, inMemory, readAll } from '../files/tensors';
import { updateRunningStatistics } from '../ops/batchNorm';
import { clampInPlace } from '../ops/clampInPlace';
import { createOptimizer, type Optimizer } from './optimizer';
import type { TrainOptions } from './options';
import { learningRateAt } from './schedule';

/** One step's images and texts, in main memory. */
export interface TrainBatch {
  /** Indices into the data set's images. */
  images: number[];
  /** What these pictures are called in the feature caches; undefined where they won't come again. */
  keys?: number[];
  teacher: TowerInput;
  student: TowerInput;
  /** Which of the teacher's texts the batch meets; all where undefined. */
  texts?: Int32Array<ArrayBuffer>;
  /** Each image's right texts, as positions among those. */
  right: number[][];
}

/** What comes of a step. */
export interface StepResult {
  /** The loss, before the update. */
  total: number;
  /** The method's terms. */
  terms: Record<string, number>;
  /** What towers that don't learn made of the batch's pixels, [batch, features] each. */
  teacherFeatures?: Float32Array;
  studentFeatures?: Float32Array;
}

/** A batch's tensors on the device, as the step's inputs are named. */
type Inputs = Record<string, tf.Tensor>;

/** What a loss is computed from beside the student. */
type BatchView = Omit<LossInputs<LossOptions>, 'u_s' | 'weights' | 'options'>;

/** Teacher, student and optimiser, and the step that joins them. */
export class Trainer {
  /** Steps taken. */
  step = 0;
  /** The backward pass computes the image tower's layers again, to save memory. To be set before the first step. */
  recompute = false;
  private readonly method: (typeof methods)[MethodName];
  /** Its terms, in the order of the step's figures behind the total; known after the first step. */
  private termNames: string[] = [];
  private readonly optimizer: Optimizer;
  private readonly runner = new StepRunner((inputs) => this.compute(inputs));

  constructor(
    readonly teacher: Teacher,
    readonly student: Student,
    method: MethodName,
    private readonly loss: LossOptions,
    private readonly train: TrainOptions,
    /** The texts are captions, not classes. */
    private readonly areCaptions = false,
  ) {
    this.method = methods[method];
    this.optimizer = createOptimizer(student.trained, train);
  }

  /** The learning rate of the next step. */
  get learningRate(): number {
    return learningRateAt(this.step, this.train);
  }

  /** Sends a step to the device at once; the promise brings its figures when the device is done with it. */
  async trainStep(batch: TrainBatch): Promise<StepResult> {
    const done = this.runner.run(this.inputsOf(batch));
    this.step++;
    const { figures, teacherFeatures, studentFeatures } = await done;
    const [total, ...values] = figures;
    const terms = Object.fromEntries(this.termNames.map((name, i) => [name, values[i]]));
    return { total, terms, teacherFeatures, studentFeatures };
  }

  /** Bytes of the buffers that a step of this many images needs, the largest first; empty where it is not known. */
  bufferSizes(batchSize: number): number[] {
    const pixels = new Float32Array(0);
    const images = Array.from({ length: batchSize }, () => 0);
    const met = this.areCaptions && this.method.ownCaptions ? batchSize : this.loss.maxTexts;
    // A batch meets a sample of the texts where there are more, and only the sample takes memory.
    const texts = this.teacher.W.shape[0] > met ? new Int32Array(met) : undefined;
    return this.runner.bufferSizes(
      this.inputsOf({ images, teacher: { pixels }, student: { pixels }, texts, right: [] }),
    );
  }

  private inputsOf({ images, teacher, student, texts, right }: TrainBatch): StepInputs {
    const batch = images.length;
    const inputs: StepInputs = {
      numbers: { data: this.optimizer.stepNumbers(this.step, this.learningRate), shape: [4] },
    };
    for (const [role, input, { config }] of [
      ['teacher', teacher, this.teacher],
      ['student', student, this.student],
    ] as const) {
      const shape = inputShape(input, batch, config.vision.imageSize);
      if ('features' in input) inputs[`${role}Features`] = { data: input.features, shape };
      else inputs[`${role}Pixels`] = { data: input.pixels, shape };
    }
    if (texts) inputs['texts'] = { data: texts, shape: [texts.length] };
    const count = texts?.length ?? this.teacher.W.shape[0];
    if (this.method.labels) inputs['right'] = { data: rightTexts(right, count), shape: [batch, count] };
    return inputs;
  }

  /** One step, on the device: forward, backward, update. */
  private compute(inputs: Inputs): Record<string, tf.Tensor> {
    const { teacher, student } = this;
    const u_t = teacherInputFeatures(teacher, towerTensor(inputs, 'teacher'));
    const encode = () => studentInputFeatures(student, towerTensor(inputs, 'student'), this.recompute);
    // Outside the gradient's tape, a tower that doesn't learn leaves nothing behind in memory.
    const frozen = this.train.parameters === 'heads' ? encode() : undefined;
    const W = chosenTexts(teacher, inputs['texts']);
    const view = { u_t, W, s: teacher.s, right: inputs['right'], areCaptions: this.areCaptions };
    const { gradients, figures, statistics } = this.differentiate(view, () => frozen ?? encode());
    this.optimizer.update(gradients, inputs['numbers']);
    for (const [name, { range }] of Object.entries(this.method.scalars ?? {}))
      if (range) clampInPlace(student.trained.byName[name], range);
    const { [RUNNING_MEAN]: mean, [RUNNING_VARIANCE]: variance } = student.statistics.byName;
    updateRunningStatistics({ mean, variance }, statistics, u_t.shape[0]);
    tf.dispose([statistics.mean, statistics.variance]);
    const outputs: Record<string, tf.Tensor> = { figures };
    if (inputs['teacherPixels']) outputs['teacherFeatures'] = u_t;
    if (frozen && inputs['studentPixels']) outputs['studentFeatures'] = frozen;
    return outputs;
  }

  /** @param encode gives the student's image features; called on the tape */
  private differentiate(view: BatchView, encode: () => tf.Tensor) {
    const { weights, trained } = this.student;
    const forward = () => {
      const { features: u_s, statistics } = project(weights, encode(), true);
      const terms = this.method.loss({ ...view, u_s, weights, options: this.loss }, operations);
      const total = weightedSum(terms, this.method.weights(this.loss));
      this.termNames = Object.keys(terms);
      return { total, figures: tf.stack([total, ...Object.values(terms)]), statistics };
    };
    let outputs: ReturnType<typeof forward> | undefined;
    const { grads } = tf.variableGrads(() => {
      outputs = forward();
      // Kept, or the tape's own scope would dispose them.
      const { figures, statistics, total } = outputs;
      for (const tensor of [figures, statistics.mean, statistics.variance]) tf.keep(tensor);
      return total;
    }, Object.values(trained.byName));
    if (!outputs) throw new Error('variableGrads did not run the forward pass');
    return { gradients: byParameter(trained.byName, grads), ...outputs };
  }

  /** Everything that training changes, to go on from later: the student's variables and the optimiser's memory. */
  async state(): Promise<HostTensors> {
    return unpackAttention(await readTensors(this.changing()));
  }

  /**
   * @param state of a trainer of the same run
   * @throws InputError where it is of another one
   */
  async restore(state: HostTensors, step: number): Promise<void> {
    const changing = this.changing();
    checkState(state, changing);
    const packed = await readAll(packedAttention(inMemory(state)));
    for (const [name, variable] of Object.entries(changing)) writeTensor(variable, packed[name].data);
    this.step = step;
  }

  private changing(): Record<string, tf.Variable> {
    const { trained, statistics } = this.student;
    return { ...trained.byName, ...statistics.byName, ...this.optimizer.state };
  }

  /** Lets go of the student and the optimiser's memory; the teacher stays. */
  dispose(): void {
    this.runner.dispose();
    this.optimizer.dispose();
    disposeStudent(this.student);
  }
}

export function checkState(state: HostTensors, changing: Record<string, tf.Variable>): void {
  const data = new Float32Array(0);
  const shapes = Object.entries(changing).map(([name, { shape }]) => [name, { shape, data }] as const);
  for (const [name, { shape }] of Object.entries(unpackAttention(Object.fromEntries(shapes)))) {
    const given = state[name]?.shape;
    if (given?.join() === shape.join()) continue;
    throw new InputError(
      `The trained student is not of this run: its ${name} ${given ? `has the shape [${given}]` : 'is missing'}, [${shape}] is needed.`,
    );
  }
}

function towerTensor(inputs: Inputs, role: 'teacher' | 'student'): TowerTensor {
  const { [`${role}Features`]: features, [`${role}Pixels`]: pixels } = inputs;
  return features ? { features } : { pixels };
}

function weightedSum(terms: Record<string, tf.Tensor>, weights: Record<string, number>): tf.Scalar {
  const parts = Object.entries(weights).map(([name, weight]) =>
    weight === 1 ? terms[name] : tf.mul(terms[name], weight),
  );
  return tf.addN(parts) as tf.Scalar;
}

/** Gradients by the parameters' names; what has no part in the loss gets none. */
export function byParameter(parameters: Record<string, tf.Variable>, gradients: Record<string, tf.Tensor>) {
  const named = Object.entries(parameters).map(([name, { name: id }]) => [name, gradients[id]] as const);
  return Object.fromEntries(named.filter(([, gradient]) => gradient !== undefined));
}

/** R, [batch, texts]: 1 where a text is right for an image. */
export function rightTexts(right: number[][], texts: number): Float32Array<ArrayBuffer> {
  const rows = new Float32Array(right.length * texts);
  for (const [row, own] of right.entries()) for (const text of own) rows[row * texts + text] = 1;
  return rows;
}
