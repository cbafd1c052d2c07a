import fs from 'node:fs';
import * as tf from '@tensorflow/tfjs-core';
import { decodeImage } from '../../src/cli/decode';
import type { Checkpoint } from '../../src/clip/checkpoint';
import { normalise, preprocess } from '../../src/clip/preprocess';
import { readSafetensors } from '../../src/files/safetensors';
import type { HostTensors } from '../../src/files/tensors';

/** The fixture's models, in folders of their names, and its images, in `data`. */
export const root = 'test/fixtures/reference';

/** What PyTorch makes of the fixture's images and texts with its `teacher` or `student`. */
export async function readExpected(model: string): Promise<HostTensors> {
  const path = `${root}/expected-${model}.safetensors`;
  return readSafetensors(new Blob([fs.readFileSync(path)]), path);
}

/** All of the fixture's images, in the order in which PyTorch has seen them. */
export const imageNames = () => fs.readdirSync(`${root}/data`).filter((name) => name.endsWith('.png'));

/** Images of the fixture as a model's image tower takes them, [images, 3, size, size]. */
export async function pixelsOf({ preprocessor }: Checkpoint, names: string[]): Promise<tf.Tensor> {
  const { size } = preprocessor;
  const pixels = new Float32Array(names.length * 3 * size * size);
  for (const [i, name] of names.entries()) {
    const image = await decodeImage(new Blob([fs.readFileSync(`${root}/data/${name}`)]), name);
    normalise(preprocess(image, preprocessor), preprocessor, pixels, i * 3 * size * size);
  }
  return tf.tensor(pixels, [names.length, 3, size, size]);
}
