import { proxy } from 'comlink';
import { adaptDefaults } from '../../run/adaptDefaults';
import { engine } from '../engine';
import { openTensors } from '../models/actions';
import type { State } from '../state';
import { teachingBy } from './teaching';

/** As PromptSRC does it, but never with a batch that the data can't fill. */
const first = ({ data }: State) => ({
  ...adaptDefaults,
  batchSize: Math.max(1, Math.min(adaptDefaults.batchSize, data?.training.labelled ?? 1)),
});

/** The teacher in use is adapted to the data's classes by prompts: Stage I. */
export const adapting = teachingBy({
  first,
  nameOf: ({ data }) => `${(data?.name ?? '').replaceAll('/', ' ')} prompts.safetensors`,
  carryOut: ({ run: { teacher, data, dataOptions } }, train, listener) =>
    engine.adaptTeacher({ teacher, data, dataOptions, train }, proxy(listener)),
  take: (file) => openTensors('teacherPrompts', file),
});
