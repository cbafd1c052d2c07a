import * as tf from '@tensorflow/tfjs-core';
import { textFeatures } from '../clip/textTower';
import { imageFeatures } from '../clip/visionTower';
import { readTensors, writeTensor } from '../device/hostTensors';
import { type StepInputs, StepRunner } from '../device/stepRunner';
import { disposeVariables, type Variables } from '../device/variables';
import { type EpochRates, rateOfEpoch } from '../distill/promptsrc/epochs';
import type { FrozenTeacher } from '../distill/promptsrc/frozenTeacher';
import { type PromptSrcWeights, promptSrcTerms, promptSrcTotal } from '../distill/promptsrc/loss';
import { TEXT_PROMPTS, VISUAL_PROMPTS } from '../distill/promptsrc/prompts';
import { teacherInputFeatures } from '../distill/teacher';
import { inputShape } from '../distill/towerInput';
import type { HostTensors } from '../files/tensors';
import { l2Normalize } from '../ops/l2Normalize';
import { createOptimizer, type Optimizer } from './optimizer';
import { byParameter, checkState, rightTexts, type TrainBatch } from './stepTrainer';

export interface PromptTrainOptions extends EpochRates {
  momentum: number;
  weightDecay: number;
}

/** A step's losses before the update, unweighted except the total. */
export interface PromptLosses {
  total: number;
  crossEntropy: number;
  image: number;
  text: number;
  kl: number;
}

/** PromptSRC's step: prompts in both towers learn, with gradients through both frozen towers. */
export class PromptTrainer {
  /** Steps taken. */
  step = 0;
  /** The backward pass computes the towers' layers again, to save memory. To be set before the first step. */
  recompute = false;
  private readonly optimizer: Optimizer;
  private readonly runner = new StepRunner((inputs) => this.compute(inputs));

  /** @param trained `visual_prompts` and `text_prompts`; they are disposed with this */
  constructor(
    private readonly frozen: FrozenTeacher,
    private readonly trained: Variables,
    private readonly weights: PromptSrcWeights,
    private readonly train: PromptTrainOptions,
    private readonly stepsPerEpoch: number,
  ) {
    this.optimizer = createOptimizer(trained, { optimizer: 'sgd', ...train });
  }

  /** The learning rate of the next step. */
  get learningRate(): number {
    return rateOfEpoch(Math.floor(this.step / this.stepsPerEpoch), this.train);
  }

  /** Sends a step to the device; the promise brings its losses, and the frozen features of pictures that were not known. */
  async trainStep(batch: TrainBatch): Promise<{ losses: PromptLosses; frozenFeatures?: Float32Array }> {
    const done = this.runner.run(this.inputsOf(batch));
    this.step++;
    const { figures, frozenFeatures } = await done;
    const [total, crossEntropy, image, text, kl] = figures;
    return { losses: { total, crossEntropy, image, text, kl }, frozenFeatures };
  }

  /** Bytes of the buffers that a step of this many images needs, the largest first; empty where it is not known. */
  bufferSizes(batchSize: number): number[] {
    const input = { pixels: new Float32Array(0) };
    const images = Array.from({ length: batchSize }, () => 0);
    const batch = { images, teacher: input, student: input, right: [] };
    return this.runner.bufferSizes(this.inputsOf(batch));
  }

  /** The batch as the teacher, without prompts, and as the student, which here is the teacher with prompts, take it. */
  private inputsOf({ images, teacher, student, right }: TrainBatch): StepInputs {
    const { imageSize } = this.frozen.teacher.config.vision;
    const classes = this.frozen.g_0.shape[0];
    const inputs: StepInputs = {
      numbers: { data: this.optimizer.stepNumbers(this.step, this.learningRate), shape: [4] },
      right: { data: rightTexts(right, classes), shape: [images.length, classes] },
    };
    if ('pixels' in student)
      inputs['pixels'] = { data: student.pixels, shape: inputShape(student, images.length, imageSize) };
    if ('features' in teacher)
      inputs['features'] = { data: teacher.features, shape: inputShape(teacher, images.length, imageSize) };
    return inputs;
  }

  /** One step, on the device: forward, backward, update. */
  private compute(inputs: Record<string, tf.Tensor>): Record<string, tf.Tensor> {
    const { pixels, features, right, numbers } = inputs;
    const { teacher, g_0 } = this.frozen;
    const f_0 = features ?? teacherInputFeatures(teacher, { pixels: [pixels] });
    let figures: tf.Tensor | undefined;
    const { grads } = tf.variableGrads(() => {
      const terms = promptSrcTerms(this.prompted(pixels), { image: f_0, text: g_0 }, teacher.s, right);
      const total = promptSrcTotal(terms, this.weights);
      // Kept, or the tape's own scope would dispose it.
      figures = tf.keep(tf.stack([total, terms.crossEntropy, terms.image, terms.text, terms.kl]));
      return total;
    }, Object.values(this.trained.byName));
    if (!figures) throw new Error('variableGrads did not run the forward pass');
    this.optimizer.update(byParameter(this.trained.byName, grads), numbers);
    return features ? { figures } : { figures, frozenFeatures: f_0 };
  }

  /** f and g, what both towers make of a batch and of the classes with the prompts. */
  private prompted(pixels: tf.Tensor): { image: tf.Tensor; text: tf.Tensor } {
    const { teacher, tower, ids } = this.frozen;
    const { recompute } = this;
    const { [VISUAL_PROMPTS]: visual, [TEXT_PROMPTS]: text } = this.trained.byName;
    const options = (prompts: tf.Tensor) => ({ prompts: prompts as tf.Tensor3D, recompute });
    return {
      image: l2Normalize(imageFeatures(teacher.weights, teacher.config, pixels, options(visual))),
      text: l2Normalize(textFeatures(tower, teacher.config, ids, options(text))),
    };
  }

  /** The prompts as they are now. */
  prompts(): Promise<HostTensors> {
    return readTensors(this.trained.byName);
  }

  /** Everything that training changes, to go on from later. */
  state(): Promise<HostTensors> {
    return readTensors(this.changing());
  }

  /**
   * @param state of a trainer of the same run
   * @throws InputError where it is of another one
   */
  restore(state: HostTensors, step: number): void {
    const changing = this.changing();
    checkState(state, changing);
    for (const [name, variable] of Object.entries(changing)) writeTensor(variable, state[name].data);
    this.step = step;
  }

  private changing(): Record<string, tf.Variable> {
    return { ...this.trained.byName, ...this.optimizer.state };
  }

  dispose(): void {
    this.runner.dispose();
    this.optimizer.dispose();
    disposeVariables(this.trained);
  }
}
