import fs from 'node:fs';
import { z } from 'zod';
import { writeSafetensors } from '../../src/files/safetensors';
import type { HostTensors } from '../../src/files/tensors';

const schema = z.array(
  z.object({
    layout: z.enum(['HuggingFace', 'OpenClip', 'Eva']),
    config: z.record(z.string(), z.unknown()),
    shapes: z.record(z.string(), z.array(z.number())),
    ids: z.array(z.array(z.number())),
    images: z.array(z.number()),
    texts: z.array(z.number()),
    gradients: z.record(z.string(), z.number()),
  }),
);

/** A model of a family in a layout, with what NumPy makes of it (fixtures/families.py). */
export type FamilyCase = z.output<typeof schema>[number];

export const familyCases: FamilyCase[] = schema.parse(
  JSON.parse(fs.readFileSync('test/fixtures/families.json', 'utf8')),
);

/** As `noise` of families.py. */
export function noise(place: number, size: number): Float32Array {
  return Float32Array.from(
    { length: size },
    (_, at) => (Math.sin(12.9898 * at + 78.233 * place) * 43758.5453) % 1,
  );
}

/** Where `noise` makes pixels, what features are summed along, and what each tensor changes along. */
export const PLACES = { pixels: 500, features: 501, tensors: 600 };

const product = (shape: number[]) => shape.reduce((a, b) => a * b, 1);

/** As `values` of families.py. */
function values(place: number, name: string, shape: number[]): Float32Array {
  const plain = noise(place, product(shape));
  const last = shape.at(-1) ?? 1;
  if (shape.length === 0) return plain.map((value) => value * 0.3);
  if (String(shape) === '1') return plain;
  if (/norm|ln_/.test(name)) return plain.map((value) => (name.endsWith('weight') ? 1 : 0) + 0.3 * value);
  return plain.map((value) => value * (shape.length > 1 ? 2 / Math.sqrt(last) : 0.3));
}

const tokens = ['<unk>', '</s>', '▁a', '▁red', '▁blue', '▁cat', '▁dog', 's', 'x', 'A', '!'];

/** A small SentencePiece model as `tokenizer.json` has it. */
const tokenizer = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'Metaspace', replacement: '▁', prepend_scheme: 'always', split: true },
  post_processor: {
    type: 'TemplateProcessing',
    single: [{ Sequence: { id: 'A', type_id: 0 } }, { SpecialToken: { id: '</s>', type_id: 0 } }],
    pair: [],
    special_tokens: { '</s>': { id: '</s>', ids: [1], tokens: ['</s>'] } },
  },
  decoder: null,
  model: { type: 'Unigram', unk_id: 0, vocab: tokens.map((token, i) => [token, -1 - i / 10]) },
};

/** The folder of a case's checkpoint. */
export function familyFiles({ layout, config, shapes }: FamilyCase): Map<string, Blob> {
  const tensors: HostTensors = Object.fromEntries(
    Object.entries(shapes).map(([name, shape], place) => [name, { shape, data: values(place, name, shape) }]),
  );
  const json = (contents: object) => new Blob([JSON.stringify(contents)]);
  const [configName, weightsName] =
    layout !== 'HuggingFace'
      ? ['open_clip_config.json', 'open_clip_model.safetensors']
      : ['config.json', 'model.safetensors'];
  return new Map([
    [configName, json(config)],
    [weightsName, new Blob([writeSafetensors(tensors)])],
    ['preprocessor_config.json', json({ size: { height: 16, width: 16 }, image_mean: [0.5, 0.5, 0.5] })],
    ['tokenizer.json', json(tokenizer)],
    ['tokenizer_config.json', json({ eos_token: '</s>', pad_token: '</s>' })],
  ]);
}
