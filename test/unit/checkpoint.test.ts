import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint, saveCheckpoint } from '../../src/clip/checkpoint';
import { parseClipConfig } from '../../src/clip/config';
import { randomCheckpoint, randomWeights } from '../../src/clip/initialise';
import { clipShapes, elementCount } from '../../src/clip/shapes';
import { blobFolder } from '../../src/files/blobs';
import { openSafetensors, readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import type { HostTensors } from '../../src/files/tensors';

const root = 'test/fixtures/reference';
const names = [
  'config.json',
  'model.safetensors',
  'preprocessor_config.json',
  'tokenizer.json',
  'vocab.json',
];

function files(model: string): Map<string, Blob> {
  return new Map(names.map((name) => [name, new Blob([fs.readFileSync(`${root}/${model}/${name}`)])]));
}

async function withTensors(change: (tensors: HostTensors) => void): Promise<Map<string, Blob>> {
  const changed = files('student');
  const tensors = await readSafetensors(changed.get('model.safetensors') ?? new Blob(), 'student');
  change(tensors);
  return changed.set('model.safetensors', new Blob([writeSafetensors(tensors)]));
}

function load(contents: Map<string, Blob>, options?: { text?: boolean }): Promise<Checkpoint> {
  return loadCheckpoint(blobFolder('student', contents), options);
}

function rawConfig(model: string): Record<string, unknown> {
  return JSON.parse(fs.readFileSync(`${root}/${model}/config.json`, 'utf8'));
}

describe('loading a checkpoint', () => {
  it('reads every tensor, the sizes and the tokenizer', async () => {
    const { config, tensors, dtype, tokenizerFiles } = await load(files('teacher'));
    const file = await openSafetensors(
      new Blob([fs.readFileSync(`${root}/teacher/model.safetensors`)]),
      'teacher',
    );
    expect(Object.keys(tensors).sort()).toEqual([...file.entries.keys()].sort());
    expect(dtype).toBe('F32');
    expect([...tokenizerFiles.keys()]).toEqual(['tokenizer.json']);
    expect(config).toEqual({
      vision: {
        hiddenSize: 128,
        intermediateSize: 512,
        numHiddenLayers: 2,
        numAttentionHeads: 2,
        hiddenAct: 'quick_gelu',
        layerNormEps: 1e-5,
        imageSize: 48,
        patchSize: 8,
      },
      text: {
        hiddenSize: 64,
        intermediateSize: 256,
        numHiddenLayers: 2,
        numAttentionHeads: 1,
        hiddenAct: 'quick_gelu',
        layerNormEps: 1e-5,
        vocabSize: 814,
        maxPositionEmbeddings: 20,
        eosTokenId: 813,
      },
      projectionDim: 64,
    });
  });

  it('leaves the text tower out where it is not wanted', async () => {
    const { config, tensors } = await load(files('student'), { text: false });
    expect(config.text).toBeUndefined();
    expect(Object.keys(tensors).filter((name) => !/^vision_model\.|^visual_projection\./.test(name))).toEqual(
      [],
    );
  });

  it('finds it one folder deep', async () => {
    const nested = new Map([...files('student')].map(([path, file]) => [`my clip/${path}`, file]));
    expect((await loadCheckpoint(blobFolder('drop', nested))).name).toBe('drop/my clip');
    for (const [path, file] of files('teacher')) nested.set(`other/${path}`, file);
    await expect(loadCheckpoint(blobFolder('drop', nested))).rejects.toThrow('drop holds 2 checkpoints');
  });

  it('reads weights in several files by their index', async () => {
    const sharded = files('student');
    const tensors = await readSafetensors(sharded.get('model.safetensors') ?? new Blob(), 'student');
    sharded.delete('model.safetensors');
    const map: Record<string, string> = {};
    for (const [shard, isIn] of [
      ['model-1.safetensors', (name: string) => name < 't'],
      ['model-2.safetensors', (name: string) => name >= 't'],
    ] as const) {
      const part = Object.fromEntries(Object.entries(tensors).filter(([name]) => isIn(name)));
      for (const name of Object.keys(part)) map[name] = shard;
      sharded.set(shard, new Blob([writeSafetensors(part)]));
    }
    sharded.set('model.safetensors.index.json', new Blob([JSON.stringify({ weight_map: map })]));
    expect((await load(sharded)).tensors).toEqual(tensors);
    sharded.delete('model-2.safetensors');
    await expect(load(sharded)).rejects.toThrow('student lacks model-2.safetensors, which');
  });

  it('passes over tensors that are not of the model', async () => {
    const changed = await withTensors((tensors) => {
      tensors['vision_model.embeddings.position_ids'] = { shape: [1, 17], data: new Int32Array(17) };
    });
    expect((await load(changed)).tensors).not.toHaveProperty(['vision_model.embeddings.position_ids']);
  });

  it('names what is missing and what has the wrong shape', async () => {
    const changed = await withTensors((tensors) => {
      delete tensors['visual_projection.weight'];
      tensors['vision_model.post_layernorm.bias'] = { shape: [2], data: new Float32Array(2) };
    });
    await expect(load(changed)).rejects.toThrow(
      'student: the weights do not fit config.json: vision_model.post_layernorm.bias has shape [2] instead of [64]; ' +
        'visual_projection.weight of shape [32,64] is missing.',
    );
  });

  it.each([
    [
      'no config.json',
      'config.json',
      undefined,
      'student is not a checkpoint folder: it has no config.json.',
    ],
    ['no weights', 'model.safetensors', undefined, 'student has no model.safetensors'],
    ['a broken config.json', 'config.json', '{"a', 'student/config.json is not valid JSON'],
    ['another model', 'config.json', '{"model_type": "siglip"}', 'a model of the type "siglip"; only "clip"'],
    ['no vision tower', 'config.json', '{}', 'student/config.json has no vision_config'],
    ['no text tower', 'config.json', '{"vision_config": {}}', 'student has no text tower'],
    [
      'an unknown activation',
      'config.json',
      '{"vision_config": {"hidden_act": "swish"}}',
      'student/config.json: vision_config: hidden_act: expected one of "quick_gelu"|"gelu"',
    ],
    [
      'heads that do not divide the width',
      'config.json',
      '{"vision_config": {"hidden_size": 100}}',
      'vision_config: hidden_size 100 is not a multiple of num_attention_heads 12',
    ],
  ])('refuses %s', async (_, name, contents, message) => {
    const changed = files('student');
    changed.delete(name);
    if (contents !== undefined) changed.set(name, new Blob([contents]));
    await expect(load(changed)).rejects.toThrow(message);
  });
});

describe('sizes', () => {
  it('takes what is left out from the defaults of transformers', () => {
    const raw = {
      text_config: {},
      vision_config: {},
      text_config_dict: { hidden_size: 768, num_attention_heads: 12 },
    };
    const { vision, text, projectionDim } = parseClipConfig(raw, 'c');
    expect([vision.hiddenSize, vision.patchSize, vision.imageSize, projectionDim]).toEqual([
      768, 32, 224, 512,
    ]);
    expect([text?.hiddenSize, text?.vocabSize, text?.eosTokenId]).toEqual([768, 49408, 49407]);
  });

  it('counts the parameters of ViT-B/32', () => {
    const config = parseClipConfig({ text_config: {}, vision_config: {} }, 'c');
    const count = [...clipShapes(config).values()].reduce((sum, shape) => sum + elementCount(shape), 0);
    expect(count).toBe(151_277_313);
  });
});

describe('saving a checkpoint', () => {
  it('writes what loads as the same model', async () => {
    const checkpoint = await load(files('student'));
    const saved = await saveCheckpoint(checkpoint);
    const reloaded = await load(new Map([...saved].map(([name, bytes]) => [name, new Blob([bytes])])));
    expect({ ...reloaded, rawConfig: undefined, tokenizerFiles: undefined }).toEqual({
      ...checkpoint,
      rawConfig: undefined,
      tokenizerFiles: undefined,
    });
    expect(reloaded.rawConfig).toMatchObject({ ...rawConfig('student'), torch_dtype: 'float32' });
    expect(new TextDecoder().decode(saved.get('tokenizer.json'))).toBe(
      fs.readFileSync(`${root}/student/tokenizer.json`, 'utf8'),
    );
  });
});

describe('random weights', () => {
  it('are the same for the same seed, and of the scale that CLIP starts with', () => {
    const config = parseClipConfig(rawConfig('teacher'), 'config.json');
    const tensors = randomWeights(config, 5);
    expect(randomWeights(config, 5)).toEqual(tensors);
    expect(randomWeights(config, 6)).not.toEqual(tensors);
    const deviation = (name: string) => {
      const data = Array.from(tensors[name].data);
      return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    };
    const layer = 'vision_model.encoder.layers.1';
    expect(deviation(`${layer}.self_attn.q_proj.weight`) / (128 ** -0.5 * 4 ** -0.5)).toBeCloseTo(1, 1);
    expect(deviation(`${layer}.self_attn.out_proj.weight`) / 128 ** -0.5).toBeCloseTo(1, 1);
    expect(deviation(`${layer}.mlp.fc1.weight`) / 256 ** -0.5).toBeCloseTo(1, 1);
    expect(deviation('text_model.embeddings.token_embedding.weight') / 0.02).toBeCloseTo(1, 1);
    expect(deviation('vision_model.pre_layrnorm.weight')).toBe(1);
    expect(deviation(`${layer}.mlp.fc1.bias`)).toBe(0);
    expect(tensors['logit_scale'].data[0]).toBeCloseTo(2.6592);
  });

  it('need no text tower, and are saved with every size written out', async () => {
    const { vision_config, projection_dim } = rawConfig('student');
    const random = randomCheckpoint({ vision_config, projection_dim }, 0, 'run.json: student.config');
    const saved = await saveCheckpoint(random);
    const contents = new Map([...saved].map(([name, bytes]) => [name, new Blob([bytes])]));
    const reloaded = await loadCheckpoint(blobFolder('student', contents), { text: false });
    expect(reloaded.tensors).toEqual(random.tensors);
    expect(reloaded.rawConfig).toMatchObject({
      architectures: ['CLIPVisionModelWithProjection'],
      model_type: 'clip',
      vision_config: { projection_dim, hidden_size: 64 },
    });
  });
});
