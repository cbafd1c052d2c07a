import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/clip/checkpoint';
import { CLIP_TEXT, CLIP_VISION, parseClipConfig } from '../../src/clip/config';
import { clipShapes } from '../../src/clip/shapes';
import { blobFolder } from '../../src/files/blobs';
import { encodeFloat16 } from '../../src/files/floats';
import { openSafetensors, readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import { elementCount, type HostTensors, readAll, readTensor } from '../../src/files/tensors';
import { files, load, root, withTensors } from './studentCheckpoint';

/** A file of these tensors, those of rank 2 and more in half precision of either kind. */
function mixed(tensors: HostTensors, dtype: string): Blob {
  const header: Record<string, unknown> = {};
  const chunks: BlobPart[] = [];
  let at = 0;
  for (const [name, { shape, data }] of Object.entries(tensors)) {
    const isHalf = shape.length >= 2;
    const values = Float32Array.from(data);
    const words = new Uint32Array(values.buffer);
    const upperHalves = Uint16Array.from(words, (word) => Math.round(word / 2 ** 16));
    const half = dtype === 'F16' ? encodeFloat16(values) : upperHalves;
    const chunk = (isHalf ? half : values) as Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>;
    header[name] = { dtype: isHalf ? dtype : 'F32', shape, data_offsets: [at, at + chunk.byteLength] };
    chunks.push(chunk);
    at += chunk.byteLength;
  }
  const text = new TextEncoder().encode(JSON.stringify(header));
  return new Blob([new BigUint64Array([BigInt(text.length)]), text, ...chunks]);
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
    expect([...tensors.shapes.keys()].sort()).toEqual([...file.entries.keys()].sort());
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
        form: CLIP_VISION,
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
        form: CLIP_TEXT,
      },
      projectionDim: 64,
    });
  });

  it('leaves the text tower out where it is not wanted', async () => {
    const { config, tensors } = await load(files('student'), { text: false });
    expect(config.text).toBeUndefined();
    expect(
      [...tensors.shapes.keys()].filter((name) => !/^vision_model\.|^visual_projection\./.test(name)),
    ).toEqual([]);
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
    expect(await readAll((await load(sharded)).tensors)).toEqual(tensors);
    sharded.delete('model-2.safetensors');
    await expect(load(sharded)).rejects.toThrow(
      'student lacks model-2.safetensors, which model.safetensors.index.json names.',
    );
  });

  it('passes over tensors that are not of the model', async () => {
    const changed = await withTensors((tensors) => {
      tensors['vision_model.embeddings.position_ids'] = { shape: [1, 17], data: new Int32Array(17) };
    });
    const { tensors, notices } = await load(changed);
    expect(tensors.shapes.has('vision_model.embeddings.position_ids')).toBe(false);
    expect(notices).toEqual([]);
  });

  it('counts many tensors that are not of the model', async () => {
    const changed = await withTensors((tensors) => {
      for (let i = 0; i < 12; i++) tensors[`adapter.${i}`] = { shape: [1], data: new Float32Array(1) };
    });
    expect((await load(changed)).notices).toEqual([
      'student holds 12 tensors that are not of this model; they are left out.',
    ]);
  });

  it.each([
    ['F16', 2 ** -11],
    ['BF16', 2 ** -8],
  ])('reads %s beside float32', async (dtype, precision) => {
    const exact = await readSafetensors(files('student').get('model.safetensors') ?? new Blob(), 'student');
    const { tensors } = await load(files('student').set('model.safetensors', mixed(exact, dtype)));
    for (const [name, { data }] of Object.entries(await readAll(tensors))) {
      const worst = Array.from(data).reduce(
        (most, x, i) => Math.max(most, Math.abs(x - exact[name].data[i])),
        0,
      );
      const largest = Array.from(exact[name].data).reduce((most, x) => Math.max(most, Math.abs(x)), 0);
      expect(worst, name).toBeLessThanOrEqual(name.endsWith('.bias') ? 0 : largest * precision);
    }
  });

  it('takes a logit_scale that is a list of one number, and misses one that is not there', async () => {
    const listed = await withTensors((tensors) => {
      tensors['logit_scale'].shape = [1];
    });
    expect((await load(listed)).tensors.shapes.get('logit_scale')).toEqual([]);
    const without = await withTensors((tensors) => {
      delete tensors['logit_scale'];
    });
    await expect(load(without)).rejects.toThrow('student lacks only logit_scale, the scale that CLIP');
  });

  it('finds a tensor that is stored under the name of one it equals', async () => {
    const tensors = await readSafetensors(files('student').get('model.safetensors') ?? new Blob(), 'student');
    const { 'text_model.final_layer_norm.weight': weight, ...others } = tensors;
    const metadata = { 'text_model.final_layer_norm.weight': 'norm' };
    const tied = writeSafetensors({ ...others, norm: weight }, { metadata });
    const loaded = await load(files('student').set('model.safetensors', new Blob([tied])));
    expect(await readTensor(loaded.tensors, 'text_model.final_layer_norm.weight')).toEqual(weight);
  });

  it('refuses weights that are not floats', async () => {
    const changed = await withTensors((tensors) => {
      tensors['visual_projection.weight'].data = new Int32Array(32 * 64);
    });
    await expect(load(changed)).rejects.toThrow(
      'visual_projection.weight is of type I32 instead of F32, F16 or BF16',
    );
  });

  it("takes CLIP's standard tokenizer where there is none and the vocabulary is as large", async () => {
    const config = { ...rawConfig('student') };
    config['text_config'] = { ...Object(config['text_config']), vocab_size: 49408, eos_token_id: 49407 };
    const changed = await withTensors((tensors) => {
      const name = 'text_model.embeddings.token_embedding.weight';
      tensors[name] = { shape: [49408, 64], data: new Float32Array(49408 * 64) };
    });
    changed.set('config.json', new Blob([JSON.stringify(config)]));
    changed.delete('tokenizer.json');
    changed.delete('vocab.json');
    const { tokenizerFiles, notices } = await load(changed);
    expect([...tokenizerFiles.keys()]).toEqual(['vocab.json', 'merges.txt']);
    expect(notices).toEqual(["student has no tokenizer of its own; CLIP's standard one is used."]);
  });

  it('names what is missing and what has the wrong shape', async () => {
    const changed = await withTensors((tensors) => {
      delete tensors['visual_projection.weight'];
      tensors['vision_model.post_layernorm.bias'] = { shape: [2], data: new Float32Array(2) };
    });
    await expect(load(changed)).rejects.toThrow(
      'student: the weights do not fit its configuration: vision_model.post_layernorm.bias has shape [2] instead of [64]; ' +
        'visual_projection.weight of shape [32,64] is missing.',
    );
  });

  it('refuses a folder without a configuration or weights', async () => {
    const nothing = new Map([['tokenizer.json', new Blob()]]);
    await expect(load(nothing)).rejects.toThrow('student is not a checkpoint folder: it has no config.json.');
  });

  it.each([
    ['no weights', 'model.safetensors', undefined, 'student has no weights: model.safetensors, '],
    ['a broken config.json', 'config.json', '{"a', 'student/config.json is not valid JSON'],
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
    expect(await readAll(reloaded.tensors)).toEqual(await readAll(checkpoint.tensors));
    expect([reloaded.config, reloaded.preprocessor]).toEqual([checkpoint.config, checkpoint.preprocessor]);
    expect(reloaded.rawConfig).toMatchObject({
      ...rawConfig('student'),
      torch_dtype: 'float32',
      dtype: 'float32',
    });
    expect(new TextDecoder().decode(saved.get('tokenizer.json'))).toBe(
      fs.readFileSync(`${root}/student/tokenizer.json`, 'utf8'),
    );
  });
});
