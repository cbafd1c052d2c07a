// Writes a CLIP of a true size with random weights, in Hugging Face's layout, for tests of loading:
//   npx tsx tools/randomCheckpoint.ts vit-l-14 FOLDER [--half] [--shards 3] [--seed 0]
import fs from 'node:fs';
import path from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parseArgs } from 'node:util';
import { completeRawConfig, type RawConfig } from '../src/clip/config';
import { randomCheckpoint } from '../src/clip/initialise';
import { rawPreprocessor } from '../src/clip/preprocess';
import { standardTokenizer } from '../src/clip/standardTokenizer';
import { streamSafetensors } from '../src/files/safetensors';
import { chosenFrom, elementCount, type TensorSource } from '../src/files/tensors';

const base = { text_config: {}, vision_config: {}, projection_dim: 512 };

const large = (image_size: number): RawConfig => ({
  projection_dim: 768,
  text_config: { hidden_size: 768, intermediate_size: 3072, num_attention_heads: 12 },
  vision_config: {
    hidden_size: 1024,
    intermediate_size: 4096,
    num_hidden_layers: 24,
    num_attention_heads: 16,
    patch_size: 14,
    image_size,
  },
});

/** OpenAI's four with ViT towers; what they leave out is as in transformers' defaults. */
const MODELS: Record<string, RawConfig> = {
  'vit-b-32': base,
  'vit-b-16': { ...base, vision_config: { patch_size: 16 } },
  'vit-l-14': large(224),
  'vit-l-14-336': large(336),
};

/** The tensors in as many groups of about the same size. */
function split({ shapes }: TensorSource, shards: number): Set<string>[] {
  const total = [...shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  const groups = Array.from({ length: shards }, () => new Set<string>());
  let before = 0;
  for (const [name, shape] of shapes) {
    groups[Math.floor((shards * before) / total)].add(name);
    before += elementCount(shape);
  }
  return groups;
}

async function writeWeights(tensors: TensorSource, folder: string, shards: number, half: boolean) {
  const weightMap: Record<string, string> = {};
  for (const [i, names] of split(tensors, shards).entries()) {
    const number = (n: number) => String(n).padStart(5, '0');
    const file =
      shards === 1 ? 'model.safetensors' : `model-${number(i + 1)}-of-${number(shards)}.safetensors`;
    for (const name of names) weightMap[name] = file;
    const chosen = chosenFrom(tensors, (name) => names.has(name));
    const { chunks } = streamSafetensors(chosen, { half, metadata: { format: 'pt' } });
    await pipeline(Readable.from(chunks), fs.createWriteStream(path.join(folder, file)));
  }
  if (shards > 1) writeJson(path.join(folder, 'model.safetensors.index.json'), { weight_map: weightMap });
}

function writeJson(file: string, value: unknown): void {
  fs.writeFileSync(file, `${JSON.stringify(value, null, 2)}\n`);
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    half: { type: 'boolean', default: false },
    shards: { type: 'string', default: '1' },
    seed: { type: 'string', default: '0' },
  },
});
const [name, folder] = positionals;
if (!(name in MODELS) || folder === undefined)
  throw new Error(
    `Usage: randomCheckpoint.ts ${Object.keys(MODELS).join('|')} FOLDER [--half] [--shards N] [--seed N]`,
  );
const { config, rawConfig, preprocessor, tensors } = randomCheckpoint(
  MODELS[name],
  Number(values.seed),
  name,
);
fs.mkdirSync(folder, { recursive: true });
writeJson(path.join(folder, 'config.json'), completeRawConfig(rawConfig, config));
writeJson(path.join(folder, 'preprocessor_config.json'), rawPreprocessor(preprocessor));
for (const [file, contents] of await standardTokenizer())
  fs.writeFileSync(path.join(folder, file), new Uint8Array(await contents.arrayBuffer()));
await writeWeights(tensors, folder, Number(values.shards), values.half);
