import { knownModels } from '../../src/hub/knownModels';
import type { EngineApi, EngineEvent, ModelSizes, ModelSummary, StoredModelRow } from '../../src/worker/api';
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
  | 'knownModels'
  | 'describeModel'
  | 'describeStudent'
  | 'openModel'
  | 'cancelModel'
  | 'storedModels'
  | 'deleteStoredModels'
  | 'setHubAccess'
>;

/** The part of the engine that opens models, without any: by their names some are missing, slow, private or too large. */
export function fakeModels(
  tell: (event: EngineEvent) => void,
  use: (role: 'teacher' | 'student', model: ModelSummary) => void,
): ModelCalls {
  const allowed = { token: '' };
  let openings = 0;
  let stored: StoredModelRow[] = [
    [knownModels[0].id, 96_000_000, true, 0, false] as const,
    ['laion/CLIP-ViT-B-32-laion2B-s34B-b79K', 310_400_000, false, 3 * DAY, false] as const,
  ].map(([place, bytes, complete, age, isInUse]) => ({
    place,
    bytes,
    complete,
    isInUse,
    files: 4,
    usedAt: Date.now() - age,
  }));
  const check = (place: string) => {
    if (place.includes('missing'))
      throw new Error(`huggingface.co has no public model ${place}: check how it is written.`);
    if (place.includes('private') && allowed.token === '')
      throw new Error(
        `${place} is open only to those who accepted its terms: accept them, then give a token.`,
      );
  };
  const download = async (place: string) => {
    const mine = ++openings;
    tell({ type: 'opening', isOpening: true });
    try {
      const steps = place.includes('slow') ? 100 : 10;
      for (let i = 0; i <= steps; i++) {
        if (mine !== openings) throw new Error('Loading was cancelled; what was downloaded is kept.');
        const total = 608_000_000;
        tell({
          type: 'progress',
          label: 'model.safetensors',
          done: (total * i) / steps,
          total,
          unit: 'bytes',
        });
        await wait(30);
      }
    } finally {
      tell({ type: 'opening', isOpening: false });
    }
  };
  return {
    knownModels: async () => knownModels,
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
      if ('layers' in model) {
        const share = model.layers / teacher.layers;
        const imageParameters = Math.round(teacher.imageParameters * share);
        const flop = teacher.flop * share;
        const description = `ViT 64/8, ${model.layers} × 128`;
        const sizes = { ...teacher, imageParameters, flop, layers: model.layers, description };
        return { name: `demo teacher, ${model.layers} of 6 layers`, sizes, largestBuffer: 2 ** 31 };
      }
      const width = Number((model.config['vision_config'] as Record<string, unknown>)['hidden_size']);
      const imageParameters = 53 * width ** 2;
      const sizes = { ...student, imageParameters, parameters: imageParameters, flop: 1800 * width ** 2 };
      return { name: 'random weights (seed 0)', sizes, largestBuffer: width > 1000 ? 2 ** 20 : 2 ** 31 };
    },
    async openModel(role, from) {
      if (typeof from !== 'string') {
        await wait(50);
        const [{ path }] = from;
        if (!path.endsWith('.zip'))
          throw new Error(`${path} is not a checkpoint folder: it has no config.json.`);
      } else {
        check(from);
        await download(from);
      }
      const name = typeof from === 'string' ? from : from[0].path;
      const summary: ModelSummary = { ...large(), name, bytes: 605_000_000, initialisation: 'checkpoint' };
      use(role, summary);
      const usedAt = Date.now();
      if (typeof from === 'string')
        stored = [
          { place: from, files: 5, bytes: 608_000_000, complete: true, usedAt, isInUse: true },
          ...stored.filter(({ place }) => place !== from),
        ];
      return summary;
    },
    async cancelModel() {
      openings++;
    },
    storedModels: async () => stored,
    async deleteStoredModels(place) {
      stored = stored.filter((model) => model.isInUse || (place !== undefined && model.place !== place));
    },
    async setHubAccess({ token }) {
      if (token !== undefined) allowed.token = token;
    },
  };
}
