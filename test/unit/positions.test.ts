import fs from 'node:fs';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, loadCheckpoint } from '../../src/clip/checkpoint';
import { resizePositions } from '../../src/clip/positions';
import { blobFolder } from '../../src/files/blobs';
import { inMemory, overlay, readTensor } from '../../src/files/tensors';

const NAME = 'vision_model.embeddings.position_embedding.weight';
const root = 'test/fixtures/reference/student';

function files(): Map<string, Blob> {
  const names = ['config.json', 'model.safetensors', 'preprocessor_config.json', 'tokenizer.json'];
  return new Map(names.map((name) => [name, new Blob([fs.readFileSync(`${root}/${name}`)])]));
}

const load = (contents = files()) => loadCheckpoint(blobFolder('student', contents));

/** The student with these positions, each the same for all of the width. */
async function withPositions(values: number[]): Promise<Checkpoint> {
  const checkpoint = await load();
  const width = checkpoint.config.vision.hiddenSize;
  const data = Float32Array.from({ length: values.length * width }, (_, i) => values[Math.floor(i / width)]);
  const positions = inMemory({ [NAME]: { shape: [values.length, width], data } });
  return { ...checkpoint, tensors: overlay(checkpoint.tensors, positions) };
}

async function positionsOf({ tensors, config }: Checkpoint): Promise<number[]> {
  const { data } = (await readTensor(tensors, NAME)) ?? { data: [] };
  return Array.from(data).filter((_, i) => i % config.vision.hiddenSize === 0);
}

describe('positions for another image size', () => {
  // The student has 4 × 4 patches of 8 pixels.
  const ramp = Array.from({ length: 16 }, (_, i) => i + 1);

  it('are interpolated as PyTorch does it', async () => {
    const resized = resizePositions(await withPositions([99, ...ramp]), 64);
    const positions = await positionsOf(resized);
    expect(positions).toHaveLength(65);
    expect(positions[0]).toBe(99);
    // ONNX's test resize_upsample_scales_cubic, which is PyTorch's bicubic: half pixels, a = -0.75, edges repeated.
    const first = [0.47265625, 0.76953125, 1.24609375, 1.875, 2.28125, 2.91015625, 3.38671875, 3.68359375];
    first.forEach((value, i) => {
      expect(positions[1 + i]).toBeCloseTo(value, 5);
    });
    expect(positions[1 + 8]).toBeCloseTo(1.66015625, 5);
    expect(positions[64]).toBeCloseTo(17 - 0.47265625, 5);
  });

  it('can be fewer', async () => {
    const resized = resizePositions(await withPositions([0, ...ramp]), 16);
    const found = await positionsOf(resized);
    // Halfway between two, these count 0.59375 each and their outer neighbours −0.09375.
    expect(found).toEqual([0, 3.03125, 5.21875, 11.78125, 13.96875]);
  });

  it('go with the preprocessor and a notice', async () => {
    const { config, preprocessor, notices, tensors } = resizePositions(await load(), 48);
    expect(config.vision.imageSize).toBe(48);
    expect(preprocessor).toMatchObject({ size: 48, resizeTo: { shortestEdge: 48 } });
    expect(notices).toEqual([
      'student was made for images of 32 pixels; its position embedding has been interpolated bicubically for 48.',
    ]);
    expect(tensors.shapes.get(NAME)).toEqual([37, 64]);
  });

  it.each([
    ['preprocessor_config.json', 'crop_size', { height: 48, width: 48 }, { size: { shortest_edge: 48 } }],
    ['config.json', 'vision_config', { image_size: 48 }, {}],
  ])('are made where %s asks for it', async (name, key, value, more) => {
    const contents = files();
    const raw = JSON.parse((await contents.get(name)?.text()) ?? '');
    const changed = { ...raw, ...more, [key]: { ...raw[key], ...value } };
    contents.set(name, new Blob([JSON.stringify(changed)]));
    if (name === 'config.json') contents.delete('preprocessor_config.json');
    const { config, notices } = await load(contents);
    expect(config.vision.imageSize).toBe(48);
    expect(notices).toHaveLength(1);
  });

  it('must be of whole patches', async () => {
    const checkpoint = await load();
    expect(() => resizePositions(checkpoint, 50)).toThrow(
      "student can't take images of 50 pixels, since its patches have 8; 48 or 56 would be right.",
    );
  });
});
