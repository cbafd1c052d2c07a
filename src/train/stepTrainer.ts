import * as tf from '@tensorflow/tfjs-core';
import { packedAttention, unpackAttention } from '../clip/weights';
import { readTensors, writeTensor } from '../device/hostTensors';
import { type StepInputs, StepRunner } from '../device/stepRunner';
import type { Variables } from '../device/variables';
import { type LossOptions, type MethodName, methods } from '../distill/methods/methods';
import type { TowerInput } from '../distill/towerInput';
import { InputError } from '../files/folder';
import { type HostTensors, inMemory, readAll } from '../files/tensors';
import { clampInPlace } from '../ops/clampInPlace';
import { stackScalars, weightedSum } from '../ops/scalars';
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
  /** Which of the data set's texts the batch meets; all where undefined. */
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
export type Inputs = Record<string, tf.Tensor>;

/** What a forward pass leaves: a method's figures, and what else is to outlive it. */
interface Forward {
  terms: Record<string, tf.Tensor>;
  kept?: Record<string, tf.Tensor>;
}

/** What learns, its optimiser, and steps that make a method's loss small. */
export abstract class StepTrainer {
  /** Steps taken. */
  step = 0;
  /** The backward pass computes the towers' layers again, to save memory. To be set before the first step. */
  recompute = false;
  protected readonly method: (typeof methods)[MethodName];
  /** Its terms, in the order of the step's figures behind the total; known after the first step. */
  private termNames: string[] = [];
  private readonly optimizer: Optimizer;
  protected readonly runner = new StepRunner((inputs) => this.compute(inputs));

  constructor(
    private readonly trained: Variables,
    method: MethodName,
    protected readonly loss: LossOptions,
    protected train: TrainOptions,
  ) {
    this.method = methods[method];
    this.optimizer = createOptimizer(trained, train);
  }

  /** The learning rate of the next step. */
  get learningRate(): number {
    return learningRateAt(this.step, this.train);
  }

  /** Sets the full learning rate from the next step on. What has been set in this run, by when. */
  setLearningRate(learningRate: number): NonNullable<TrainOptions['log']> {
    const { step } = this;
    const before = (this.train.log ?? []).filter((entry) => entry.step < step);
    const log = [...before, { step, learningRate }];
    this.train = { ...this.train, log };
    return log;
  }

  /** Sends a step to the device at once; the promise brings its figures when the device is done with it. */
  async trainStep(batch: TrainBatch): Promise<StepResult> {
    const numbers = { data: this.optimizer.stepNumbers(this.step, this.learningRate), shape: [4] };
    const done = this.runner.run({ numbers, ...this.inputsOf(batch) });
    this.step++;
    const { figures, teacherFeatures, studentFeatures } = await done;
    const [total, ...values] = figures;
    const terms = Object.fromEntries(this.termNames.map((name, i) => [name, values[i]]));
    return { total, terms, teacherFeatures, studentFeatures };
  }

  /** Bytes of the buffers that a step of this many images needs, the largest first; empty where it is not known. */
  bufferSizes(batchSize: number): number[] {
    const numbers = { data: new Float32Array(4), shape: [4] };
    return this.runner.bufferSizes({ numbers, ...this.inputsOf(this.emptyBatch(batchSize)) });
  }

  /** A batch of the usual shapes without pictures. */
  protected abstract emptyBatch(batchSize: number): TrainBatch;

  protected abstract inputsOf(batch: TrainBatch): StepInputs;

  /** One step, on the device: forward, backward, update. Its outputs hold the `figures`. */
  protected abstract compute(inputs: Inputs): Record<string, tf.Tensor>;

  /** Takes a step down the gradient of the method's loss. */
  protected minimise(inputs: Inputs, forward: () => Forward): Record<string, tf.Tensor> {
    const { byName } = this.trained;
    let outputs: Record<string, tf.Tensor> = {};
    const { grads } = tf.variableGrads(() => {
      const { terms, kept } = forward();
      const weights = Object.entries(this.method.weights(this.loss));
      const total = weightedSum(
        weights.map(([name]) => terms[name]),
        weights.map(([, weight]) => weight),
      );
      this.termNames = Object.keys(terms);
      outputs = { ...kept, figures: stackScalars([total, ...Object.values(terms)]) };
      // Or the tape's own scope would dispose them.
      for (const tensor of Object.values(outputs)) tf.keep(tensor);
      return total;
    }, Object.values(byName));
    this.optimizer.update(byParameter(byName, grads), inputs['numbers']);
    for (const [name, { range }] of Object.entries(this.method.scalars ?? {}))
      if (range) clampInPlace(byName[name], range);
    return outputs;
  }

  /** Everything that training changes, to go on from later: variables and the optimiser's memory. */
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

  protected changing(): Record<string, tf.Variable> {
    return { ...this.trained.byName, ...this.optimizer.state };
  }

  dispose(): void {
    this.runner.dispose();
    this.optimizer.dispose();
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
