import { zipSync } from 'fflate';
import { writeSafetensors } from '../../src/files/safetensors';
import { runFile } from '../../src/run/schema';
import type { EngineApi, StageEvent, TeacherResult } from '../../src/worker/api';
import { wait } from './fakeData';

const result = (top1: number): TeacherResult => ({ images: 40, heldOut: true, top1, top5: 1 });

/** The part of the engine that makes teachers, without tensors. `needsData` throws where there are none. */
export function fakeStages(
  needsData: () => void,
): Pick<EngineApi, 'makeTeacher' | 'adaptTeacher' | 'cancelStage' | 'openTensors'> {
  let begun = 0;
  const take = async (
    label: string,
    steps: number,
    terms: string[],
    listener: (event: StageEvent) => void,
  ) => {
    needsData();
    const mine = ++begun;
    listener({ type: 'progress', label: 'The teacher reads the texts', done: 8, total: 8, unit: 'texts' });
    listener({ type: 'before', result: result(0.15) });
    for (let step = 1; step <= steps; step++) {
      await wait(20);
      if (mine !== begun) throw new Error('It was cancelled; the teacher is as it was.');
      const total = 0.4 + 2 * Math.exp((-4 * step) / steps);
      const figures = Object.fromEntries(terms.map((term) => [term, total / 2]));
      const metrics = { step, total, ...figures, learningRate: 5e-4, imagesPerSecond: 30 };
      listener({ type: 'step', metrics });
      listener({ type: 'progress', label, done: step, total: steps, unit: 'steps' });
    }
  };
  return {
    async makeTeacher(run, listener) {
      await take(
        'Making a teacher',
        run.train.steps ?? 100,
        ['imageToText', 'textToImage', 'logitScale'],
        listener,
      );
      const bytes = (text: string) => new TextEncoder().encode(text);
      const files = {
        'config.json': bytes('{}'),
        'model.safetensors': writeSafetensors({}),
        'run.json': bytes(JSON.stringify(runFile(run))),
        'README.md': bytes('# A teacher'),
      };
      return { file: new Blob([new Uint8Array(zipSync(files))]), after: result(0.9) };
    },
    async adaptTeacher(_run, listener) {
      await take('Adapting the teacher', 40, ['crossEntropy', 'image', 'text', 'kl'], listener);
      const prompts = { prompts: { shape: [1], data: Float32Array.of(0) } };
      return { file: new Blob([writeSafetensors(prompts)]), after: result(0.45) };
    },
    openTensors: async () => undefined,
    async cancelStage() {
      begun++;
    },
  };
}
