import { proxy } from 'comlink';
import { parseRun, type Run } from '../../run/schema';
import { engine } from '../engine';
import { openModel } from '../models/actions';
import type { State } from '../state';
import { changeTrain, store } from '../store';
import { teachingBy } from './teaching';

/** What a person may change of how a teacher is made. */
interface MakingSettings {
  learningRate: number;
  batchSize: number;
  steps: number;
}

/** The demo's teacher learns other data well at this rate, in this time, from these batches. */
const DEMO = { width: 128, learningRate: 5e-4, steps: 120, batchSize: 32 };

/**
 * Wider models want smaller steps: this rule comes to 1.4e-5 at ViT-B's width of 768, where 1e-5 is usual for tuning a
 * whole CLIP (Goyal et al., CVPR 2023).
 */
function first({ teacher, data }: State): MakingSettings {
  const { width = DEMO.width } = teacher ?? {};
  const labelled = data?.training.labelled ?? DEMO.batchSize;
  return {
    learningRate: Number((DEMO.learningRate * (DEMO.width / width) ** 2).toPrecision(2)),
    steps: DEMO.steps,
    batchSize: Math.max(2, Math.min(DEMO.batchSize, labelled)),
  };
}

/** The run file by which the command line makes the same. */
function makingRun({ teacher, data, dataOptions }: Run, settings: MakingSettings): Run {
  const train = {
    ...settings,
    warmupSteps: Math.round(settings.steps / 10),
    weightDecay: 0.05,
    augment: 'none',
  };
  return parseRun({ method: 'contrastive', student: teacher, data, dataOptions, train }, 'Settings');
}

/** Without a slash, so that it is not taken for a hub id, and unlike that of the teacher in use. */
function nameOf({ data, run: { teacher } }: State): string {
  const name = `${(data?.name ?? '').replaceAll('/', ' ')} teacher`;
  const number = teacher.startsWith(name) ? ` ${Math.max(2, Number(teacher.slice(name.length)) + 1)}` : '';
  return `${name}${number}.zip`;
}

/** A small student takes longer to learn what a teacher has only just learnt itself. */
const STUDENT_STEPS = 1000;

/** A teacher is made of the one in use, by CLIP's contrastive training. */
export const making = teachingBy<MakingSettings>({
  first,
  nameOf,
  carryOut: ({ run }, settings, listener) => engine.makeTeacher(makingRun(run, settings), proxy(listener)),
  async take(file) {
    const { steps = 0 } = store.getState().run.train;
    // Whole images, as the teacher has seen them.
    changeTrain({ augment: 'none', steps: Math.max(steps, STUDENT_STEPS), epochs: undefined });
    await openModel('teacher', [file]);
  },
});
