import type { EngineApi, StageEvent, TeacherResult } from '../../src/worker/api';
import { wait } from './fakeData';

const result = (top1: number): TeacherResult => ({ images: 40, heldOut: true, top1, top5: 1 });

/** The part of the engine that makes teachers, without tensors. */
export function fakeStages(): Pick<
  EngineApi,
  'makeTeacher' | 'adaptTeacher' | 'cancelStage' | 'openTensors'
> {
  let isCancelled = false;
  const take = async (
    label: string,
    steps: number,
    terms: string[],
    listener: (event: StageEvent) => void,
  ) => {
    isCancelled = false;
    listener({ type: 'progress', label: 'The teacher reads the texts', done: 8, total: 8, unit: 'texts' });
    listener({ type: 'before', result: result(0.15) });
    for (let step = 1; step <= steps; step++) {
      await wait(20);
      if (isCancelled) throw new Error('It was cancelled; the teacher is as it was.');
      const total = 0.4 + 2 * Math.exp((-4 * step) / steps);
      const figures = Object.fromEntries(terms.map((term) => [term, total / 2]));
      const metrics = { step, total, ...figures, learningRate: 5e-4, imagesPerSecond: 30 };
      listener({ type: 'step', metrics });
      listener({ type: 'progress', label, done: step, total: steps, unit: 'steps' });
    }
  };
  return {
    async makeTeacher({ train }, listener) {
      await take(
        'Making a teacher',
        train.steps ?? 100,
        ['imageToText', 'textToImage', 'logitScale'],
        listener,
      );
      return { file: new Blob(['zip']), after: result(0.9) };
    },
    async adaptTeacher(_run, listener) {
      await take('Adapting the teacher', 40, ['crossEntropy', 'image', 'text', 'kl'], listener);
      return { file: new Blob(['prompts']), after: result(0.45) };
    },
    openTensors: async () => undefined,
    async cancelStage() {
      isCancelled = true;
    },
  };
}
