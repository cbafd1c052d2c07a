import { createHash } from 'node:crypto';
import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadCheckpoint, saveCheckpoint } from '../../src/clip/checkpoint';
import { parseClipConfig } from '../../src/clip/config';
import { cutLayers } from '../../src/clip/cutLayers';
import { inheritFront } from '../../src/clip/inherit';
import { randomCheckpoint, randomWeights } from '../../src/clip/initialise';
import { clipShapes } from '../../src/clip/shapes';
import { blobFolder } from '../../src/files/blobs';
import { writeSafetensors } from '../../src/files/safetensors';
import { elementCount, type HostTensors, readAll, readTensor } from '../../src/files/tensors';

const root = 'test/fixtures/reference';

function rawConfig(model: string): Record<string, unknown> {
  return JSON.parse(fs.readFileSync(`${root}/${model}/config.json`, 'utf8'));
}

function hash(tensors: HostTensors): string {
  return createHash('sha256').update(writeSafetensors(tensors)).digest('hex');
}

describe('random weights', () => {
  it('are the same for the same seed, and of the scale that CLIP starts with', async () => {
    const config = parseClipConfig(rawConfig('teacher'), 'config.json');
    const source = randomWeights(config, 5);
    const tensors = await readAll(source);
    expect(hash(await readAll(randomWeights(config, 5)))).toBe(hash(tensors));
    expect(hash(await readAll(randomWeights(config, 6)))).not.toBe(hash(tensors));
    const backwards = randomWeights(config, 5);
    const last = [...backwards.shapes.keys()].at(-1) ?? '';
    expect(await readTensor(backwards, last)).toEqual(tensors[last]);
    expect(hash(await readAll(backwards))).toBe(hash(tensors));
    const deviation = (name: string) => {
      const data = Array.from(tensors[name].data);
      return Math.sqrt(data.reduce((sum, x) => sum + x * x, 0) / data.length);
    };
    // Of a uniform distribution, its bound over √3.
    const uniform = (bound: number) => bound / Math.sqrt(3);
    const expected: Record<string, number> = {
      'vision_model.embeddings.position_embedding.weight': 128 ** -0.5,
      'vision_model.embeddings.patch_embedding.weight': uniform((3 * 8 ** 2) ** -0.5),
      'visual_projection.weight': 128 ** -0.5,
      'vision_model.encoder.layers.1.self_attn.q_proj.weight': uniform(Math.sqrt(6 / (4 * 128))),
      'vision_model.encoder.layers.1.self_attn.out_proj.weight': uniform(128 ** -0.5),
      'vision_model.encoder.layers.1.mlp.fc1.weight': uniform(128 ** -0.5),
      'vision_model.encoder.layers.1.mlp.fc2.weight': uniform(512 ** -0.5),
      'vision_model.encoder.layers.1.mlp.fc1.bias': uniform(128 ** -0.5),
      'vision_model.encoder.layers.1.self_attn.q_proj.bias': 0,
      'vision_model.pre_layrnorm.weight': 1,
      'text_model.embeddings.token_embedding.weight': 0.02,
      'text_model.embeddings.position_embedding.weight': 0.01,
      'text_model.encoder.layers.1.self_attn.v_proj.weight': 64 ** -0.5,
      'text_model.encoder.layers.1.self_attn.out_proj.weight': 64 ** -0.5 * 4 ** -0.5,
      'text_model.encoder.layers.1.mlp.fc1.weight': 128 ** -0.5,
      'text_model.encoder.layers.1.mlp.fc2.weight': 64 ** -0.5 * 4 ** -0.5,
      'text_projection.weight': 64 ** -0.5,
    };
    for (const [name, value] of Object.entries(expected))
      expect(Math.abs(deviation(name) - value), name).toBeLessThanOrEqual(0.1 * value);
    expect(tensors['logit_scale'].data[0]).toBeCloseTo(2.6592);
  });

  it('need no text tower, and are saved with every size written out', async () => {
    const { vision_config, projection_dim } = rawConfig('student');
    const random = randomCheckpoint({ vision_config, projection_dim }, 0, 'run.json: student.config');
    const saved = await saveCheckpoint(random);
    const contents = new Map([...saved].map(([name, bytes]) => [name, new Blob([bytes])]));
    const reloaded = await loadCheckpoint(blobFolder('student', contents), { text: false });
    expect(await readAll(reloaded.tensors)).toEqual(await readAll(random.tensors));
    expect(reloaded.rawConfig).toMatchObject({
      architectures: ['CLIPVisionModelWithProjection'],
      model_type: 'clip',
      vision_config: { projection_dim, hidden_size: 64 },
    });
  });
});

describe('a student cut from a teacher', () => {
  it('keeps the first and the last layer, and those spread evenly between', async () => {
    const vision_config = { ...Object(rawConfig('student')['vision_config']), num_hidden_layers: 7 };
    const teacher = randomCheckpoint({ vision_config, projection_dim: 32 }, 0, 'c');
    const cut = cutLayers(teacher, 4);
    const name = (layer: number) => `vision_model.encoder.layers.${layer}.self_attn.q_proj.weight`;
    for (const [own, origin] of [0, 2, 4, 6].entries())
      expect(await readTensor(cut.tensors, name(own))).toEqual(
        await readTensor(teacher.tensors, name(origin)),
      );
    expect(cut.config.vision.numHiddenLayers).toBe(4);
    expect([...cut.tensors.shapes]).toEqual([...clipShapes(cut.config)]);
    const saved = await saveCheckpoint(cut);
    const contents = new Map([...saved].map(([path, bytes]) => [path, new Blob([bytes])]));
    const reloaded = await loadCheckpoint(blobFolder('cut', contents), { text: false });
    expect(await readAll(reloaded.tensors)).toEqual(await readAll(cut.tensors));
    expect(() => cutLayers(teacher, 8)).toThrow('whose image tower has 7; 1 to 7 would be right');
  });
});

describe('a student that inherits the front of a teacher', () => {
  const vision_config = {
    ...Object(rawConfig('student')['vision_config']),
    num_hidden_layers: 7,
    hidden_size: 64,
    num_attention_heads: 4,
    intermediate_size: 256,
  };
  const teacher = randomCheckpoint({ vision_config, projection_dim: 32 }, 0, 'c');

  it('takes every second of seven layers for three, the first heads, and the front of each tensor', async () => {
    const small = inheritFront(teacher, 3, 48);
    expect(small.config.vision).toMatchObject({
      numHiddenLayers: 3,
      hiddenSize: 48,
      intermediateSize: 192,
      numAttentionHeads: 3,
    });
    expect([...small.tensors.shapes]).toEqual([...clipShapes(small.config)]);
    for (const [name, shape] of small.tensors.shapes) {
      const inTeacher = name.replace(/layers\.(\d+)/, (_, i) => `layers.${2 * Number(i)}`);
      const [own, whole] = [
        await readTensor(small.tensors, name),
        await readTensor(teacher.tensors, inTeacher),
      ];
      // The same place of both: its number among the tensor's own rows and columns.
      const width = elementCount(whole?.shape.slice(1) ?? []);
      const kept = elementCount(shape.slice(1));
      const expected = Float32Array.from(
        { length: elementCount(shape) },
        (_, i) => whole?.data[Math.floor(i / kept) * width + (i % kept)] ?? Number.NaN,
      );
      expect(own?.data, name).toEqual(expected);
    }
  });

  it('reads the same from pieces of any size', async () => {
    const small = inheritFront(teacher, 3, 48);
    async function* inPieces(name: string) {
      const { data } = (await readTensor(teacher.tensors, name)) ?? { data: [] };
      for (let at = 0; at < data.length; at += 37) yield Float32Array.from(data.slice(at, at + 37));
    }
    const pieces = { ...teacher, tensors: { shapes: teacher.tensors.shapes, pieces: inPieces } };
    expect(hash(await readAll(inheritFront(pieces, 3, 48).tensors))).toBe(hash(await readAll(small.tensors)));
  });

  it('is refused where heads would be cut, or layers are missing', () => {
    expect(() => inheritFront(teacher, 3, 40)).toThrow('a multiple of 16 up to 64 would be right');
    expect(() => inheritFront(teacher, 8, 48)).toThrow('1 to 7 would be right');
  });
});
