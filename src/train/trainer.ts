import * as tf from '@tensorflow/tfjs-core';
import type { StepInputs } from '../device/stepRunner';
import { RUNNING_MEAN, RUNNING_VARIANCE } from '../distill/heads';
import type { LossInputs } from '../distill/methods/method';
import type { LossOptions, MethodName } from '../distill/methods/methods';
import { operations } from '../distill/operations';
import { project } from '../distill/projector';
import { disposeStudent, type Student, studentInputFeatures } from '../distill/student';
import { chosenTexts, type Teacher, teacherInputFeatures } from '../distill/teacher';
import { inputShape, type TowerTensor } from '../distill/towerInput';
import { updateRunningStatistics } from '../ops/batchNorm';
import { batchParts, partsOf } from './batchParts';
import type { TrainOptions } from './options';
import { type Inputs, rightTexts, StepTrainer, type TrainBatch } from './stepTrainer';

/** What a loss is computed from beside the student. */
type BatchView = Omit<LossInputs<LossOptions>, 'u_s' | 'weights' | 'options'>;

/** Teacher, student and optimiser, and the step that joins them. */
export class Trainer extends StepTrainer {
  constructor(
    readonly teacher: Teacher,
    readonly student: Student,
    method: MethodName,
    loss: LossOptions,
    train: TrainOptions,
    /** The texts are captions, not classes. */
    private readonly areCaptions = false,
  ) {
    super(student.trained, method, loss, train);
  }

  protected emptyBatch(batchSize: number): TrainBatch {
    const pixels = new Float32Array(0);
    const images = Array.from({ length: batchSize }, () => 0);
    const met = this.areCaptions && this.method.ownCaptions ? batchSize : this.loss.maxTexts;
    // A batch meets a sample of the texts where there are more, and only the sample takes memory.
    const texts = this.teacher.W.shape[0] > met ? new Int32Array(met) : undefined;
    return { images, teacher: { pixels }, student: { pixels }, texts, right: [] };
  }

  protected inputsOf({ images, teacher, student, texts, right }: TrainBatch): StepInputs {
    const batch = images.length;
    const inputs: StepInputs = {};
    for (const [role, input, { config }] of [
      ['teacher', teacher, this.teacher],
      ['student', student, this.student],
    ] as const) {
      const shape = inputShape(input, batch, config.vision.imageSize);
      if ('features' in input) inputs[`${role}Features`] = { data: input.features, shape };
      else
        Object.assign(
          inputs,
          batchParts(`${role}Pixels`, { data: input.pixels, shape }, this.train.accumulate),
        );
    }
    if (texts) inputs['texts'] = { data: texts, shape: [texts.length] };
    const count = texts?.length ?? this.teacher.W.shape[0];
    if (this.method.labels) inputs['right'] = { data: rightTexts(right, count), shape: [batch, count] };
    return inputs;
  }

  protected compute(inputs: Inputs): Record<string, tf.Tensor> {
    const { teacher, student } = this;
    const u_t = teacherInputFeatures(teacher, towerTensor(inputs, 'teacher'));
    const encode = () => studentInputFeatures(student, towerTensor(inputs, 'student'), this.recompute);
    // Outside the gradient's tape, a tower that doesn't learn leaves nothing behind in memory.
    const frozen = this.train.parameters === 'heads' ? encode() : undefined;
    const W = chosenTexts(teacher, inputs['texts']);
    const view = { u_t, W, s: teacher.s, right: inputs['right'], areCaptions: this.areCaptions };
    const { figures, mean, variance } = this.minimise(inputs, () => this.forward(view, frozen ?? encode()));
    const { [RUNNING_MEAN]: runningMean, [RUNNING_VARIANCE]: runningVariance } = student.statistics.byName;
    const running = { mean: runningMean, variance: runningVariance };
    updateRunningStatistics(running, { mean, variance }, u_t.shape[0]);
    tf.dispose([mean, variance]);
    const outputs: Record<string, tf.Tensor> = { figures };
    if (!inputs['teacherFeatures']) outputs['teacherFeatures'] = u_t;
    if (frozen && !inputs['studentFeatures']) outputs['studentFeatures'] = frozen;
    return outputs;
  }

  /** @param features of the student's image tower */
  private forward(view: BatchView, features: tf.Tensor) {
    const { weights } = this.student;
    const { features: u_s, statistics } = project(weights, features, true);
    const terms = this.method.loss({ ...view, u_s, weights, options: this.loss }, operations);
    return { terms, kept: { ...statistics } };
  }

  protected override changing(): Record<string, tf.Variable> {
    return { ...super.changing(), ...this.student.statistics.byName };
  }

  /** Lets go of the student and the optimiser's memory; the teacher stays. */
  override dispose(): void {
    super.dispose();
    disposeStudent(this.student);
  }
}

function towerTensor(inputs: Inputs, role: 'teacher' | 'student'): TowerTensor {
  const { [`${role}Features`]: features } = inputs;
  return features ? { features } : { pixels: partsOf(inputs, `${role}Pixels`) };
}
