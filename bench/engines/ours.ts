import * as tf from '@tensorflow/tfjs-core';
import { uploadWeights } from '../../src/clip/weights';
import { createStudent } from '../../src/distill/student';
import type { Teacher } from '../../src/distill/teacher';
import { inMemory } from '../../src/files/tensors';
import type { TrainBatch } from '../../src/train/stepTrainer';
import { Trainer } from '../../src/train/trainer';
import { LOSS, type Problem, trainOptions } from '../problem';
import { configOf } from '../shapes';
import type { Losses, StepEngine } from './engine';

/** The product's own step: `Trainer` on one of the backends that `startDevice` has started. */
export async function createOurs(problem: Problem, backend: 'webgpu' | 'wasm'): Promise<StepEngine> {
  const activate = async () => {
    await tf.setBackend(backend);
  };
  await activate();
  const { shape } = problem;
  const student = await createStudent(
    configOf(shape.student),
    inMemory(problem.student),
    shape.parameters,
    true,
  );
  const teacher: Teacher = {
    config: configOf(shape.teacher ?? shape.student),
    weights: await uploadWeights(inMemory(problem.teacher), () => true),
    W: tf.tensor2d(problem.W, [shape.texts, shape.d]),
    s: problem.s,
  };
  const trainer = new Trainer(teacher, student, 'comkd', LOSS, trainOptions(shape));
  const batch: TrainBatch = {
    images: Array.from({ length: shape.batch }, (_, image) => image),
    teacher: problem.teacherInput,
    student: { pixels: problem.pixels },
    right: [],
  };
  return {
    activate,
    async step(): Promise<Losses> {
      const { total, terms } = await trainer.trainStep(batch);
      const { mean, variance, kl } = terms;
      return { total, mean, variance, kl };
    },
    dispose() {
      trainer.dispose();
      tf.dispose([teacher.weights, teacher.W]);
    },
  };
}
