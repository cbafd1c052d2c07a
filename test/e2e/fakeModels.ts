import { InputError } from '../../src/files/folder';
import { knownModels } from '../../src/hub/knownModels';
import { isPlace, PRETRAINED } from '../../src/run/demo';
import type { Run } from '../../src/run/schema';
import type { NewStudent } from '../../src/run/student';
import type {
  DroppedFile,
  EngineApi,
  EngineEvent,
  ModelSizes,
  ModelSummary,
  Role,
  StoredModelRow,
} from '../../src/worker/api';
import { wait } from './fakeData';

export const teacher: ModelSummary = {
  name: 'demo teacher',
  description: 'ViT 64/8, 6 × 128',
  imageParameters: 1_240_000,
  parameters: 3_480_000,
  largestTensor: 65_536,
  flop: 161_000_000,
  layers: 6,
  width: 128,
  heads: 4,
  projectionDim: 128,
  bytes: 6_960_000,
  initialisation: 'checkpoint',
};
export const student: ModelSummary = {
  name: 'random weights (seed 0)',
  description: 'ViT 32/8, 4 × 64',
  imageParameters: 218_000,
  parameters: 218_000,
  largestTensor: 16_384,
  flop: 7_300_000,
  layers: 4,
  width: 64,
  heads: 4,
  projectionDim: 64,
  bytes: 872_000,
  initialisation: 'random',
};

/** A ViT-B/32, or what has so many layers of it. */
const large = (layers = 12): ModelSizes => ({
  description: `ViT 224/32, ${layers} × 768`,
  imageParameters: 2_800_000 + layers * 7_088_000,
  parameters: 2_800_000 + layers * 7_088_000 + 63_400_000,
  largestTensor: 2_359_296,
  flop: 231_000_000 + layers * 715_000_000,
  layers,
  width: 768,
  heads: 12,
  projectionDim: 512,
});

const DAY = 86_400_000;

type ModelCalls = Pick<
  EngineApi,
  | 'describeModel'
  | 'describeStudent'
  | 'openModel'
  | 'cancelModel'
  | 'storedModels'
  | 'deleteStoredModels'
  | 'setHubAccess'
>;

/** The student of a run that names no place. */
const ownStudent = (from: NewStudent | typeof PRETRAINED): ModelSummary => ({
  ...student,
  initialisation: from === PRETRAINED ? 'checkpoint' : 'layers' in from ? 'cut' : 'random',
});

/**
 * The part of the engine that opens models, without any: by their names some are missing, slow, private or too large.
 * `modelsOf` gives those of a run, and refuses where one is not there.
 */
export function fakeModels(tell: (event: EngineEvent) => void, inUse: () => Run | undefined) {
  const allowed = { token: '' };
  const opened = { teacher: new Map<string, ModelSummary>(), student: new Map<string, ModelSummary>() };
  let openings = 0;
  let stored: Omit<StoredModelRow, 'isInUse'>[] = [
    [knownModels[0].id, 96_000_000, true, 0] as const,
    ['laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 310_400_000, false, 3 * DAY] as const,
  ].map(([place, bytes, complete, age]) => ({ place, bytes, complete, files: 4, usedAt: Date.now() - age }));
  const isInUse = (place: string) =>
    opened.teacher.has(place) || opened.student.has(place) || inUse()?.teacher === place;
  const check = (place: string) => {
    if (place.includes('missing'))
      throw new InputError(`huggingface.co has no public model ${place}: check how it is written.`);
    if (place.includes('private') && allowed.token === '')
      throw new InputError(
        `${place} is open only to those who accepted its terms: accept them, then give a token.`,
      );
  };
  const download = async (place: string) => {
    const mine = ++openings;
    const steps = place.includes('slow') ? 100 : 10;
    for (let i = 0; i <= steps; i++) {
      if (mine !== openings) throw new InputError('Loading was cancelled; what was downloaded is kept.');
      const total = 608_000_000;
      tell({ type: 'progress', label: 'model.safetensors', done: (total * i) / steps, total, unit: 'bytes' });
      await wait(30);
    }
    stored = [
      { place, files: 5, bytes: 608_000_000, complete: true, usedAt: Date.now() },
      ...stored.filter((model) => model.place !== place),
    ];
  };
  /** The name of a dropped checkpoint: a folder with a config.json, or an archive. */
  const droppedName = (files: DroppedFile[]): string => {
    const [{ path }] = files;
    const isCheckpoint = path.endsWith('.zip') || files.some((file) => file.path.endsWith('config.json'));
    if (!isCheckpoint) throw new InputError(`${path} is not a checkpoint folder: it has no config.json.`);
    return files.length === 1 ? path : path.split('/')[0];
  };
  const named = (role: Role, name: string): ModelSummary => {
    const known = opened[role].get(name);
    if (known) return known;
    if (/^https?:|^[^/]+\/[^/]+$/.test(name))
      return { ...large(), name, bytes: 605_000_000, initialisation: 'checkpoint' };
    throw new InputError(`The ${role} “${name}” is not on this page: drop its checkpoint folder on Models.`);
  };

  const calls: ModelCalls = {
    async describeModel(place) {
      await wait(50);
      check(place);
      if (place.startsWith('http')) return { name: place, largestBuffer: 2 ** 31 };
      const remote = {
        id: place.split('@')[0],
        commit: '4bb8aa1c2f0b6ab1d2b2c5fe1f5ab9cbd2f1d6f3',
        licence: 'mit',
        bytes: 608_000_000,
        storedBytes: stored.find((model) => model.place === place)?.bytes ?? 0,
      };
      const largestBuffer = place.includes('huge') ? 2 ** 20 : 2 ** 31;
      return { name: place, remote, sizes: large(), largestBuffer };
    },
    async describeStudent(model) {
      const { name: _, bytes, initialisation, ...teacherSizes } = teacher;
      if (typeof model === 'string') {
        const { name, bytes: _, initialisation: how, ...sizes } = student;
        return { name, sizes, largestBuffer: 2 ** 31 };
      }
      if ('layers' in model) {
        if (model.layers > teacher.layers)
          throw new InputError(`The demo teacher has ${teacher.layers} layers, not ${model.layers}.`);
        const share = model.layers / teacher.layers;
        const imageParameters = Math.round(teacher.imageParameters * share);
        const flop = Math.round(teacher.flop * share);
        const description = `ViT 64/8, ${model.layers} × 128`;
        const sizes = { ...teacherSizes, imageParameters, flop, layers: model.layers, description };
        return { name: `demo teacher, ${model.layers} of 6 layers`, sizes, largestBuffer: 2 ** 31 };
      }
      const { name, bytes: ofStudent, initialisation: ofIt, ...own } = student;
      const width = Number((model.config['vision_config'] as Record<string, unknown>)['hidden_size']);
      const imageParameters = 53 * width ** 2;
      const sizes = {
        ...own,
        imageParameters,
        parameters: imageParameters,
        largestTensor: 4 * width ** 2,
        flop: 1800 * width ** 2,
      };
      return { name, sizes, largestBuffer: width > 1000 ? 2 ** 20 : 2 ** 31 };
    },
    async openModel(role, from) {
      tell({ type: 'opening', isOpening: true });
      try {
        if (typeof from === 'string') {
          check(from);
          await download(from);
        } else await wait(50);
        const name = typeof from === 'string' ? from : droppedName(from);
        const summary: ModelSummary = { ...large(), name, bytes: 605_000_000, initialisation: 'checkpoint' };
        opened[role].set(name, summary);
        return summary;
      } finally {
        tell({ type: 'opening', isOpening: false });
      }
    },
    async cancelModel() {
      openings++;
    },
    storedModels: async () => stored.map((model) => ({ ...model, isInUse: isInUse(model.place) })),
    async deleteStoredModels(place) {
      if (place !== undefined && isInUse(place))
        throw new InputError(`${place} is in use: load another model in its place first.`);
      stored = stored.filter(
        (model) => isInUse(model.place) || (place !== undefined && model.place !== place),
      );
    },
    async setHubAccess({ token }) {
      if (token !== undefined) allowed.token = token;
    },
  };
  const modelsOf = (run: Run) => {
    const models = {
      teacher: run.teacher === 'demo' ? teacher : named('teacher', run.teacher),
      student: isPlace(run.student) ? named('student', run.student) : ownStudent(run.student),
    };
    for (const role of ['teacher', 'student'] as const)
      for (const name of opened[role].keys()) if (name !== run[role]) opened[role].delete(name);
    return models;
  };
  return { modelsOf, calls };
}
