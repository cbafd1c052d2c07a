import fs from 'node:fs';
import { type Checkpoint, loadCheckpoint } from '../../src/clip/checkpoint';
import { blobFolder } from '../../src/files/blobs';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import type { HostTensors } from '../../src/files/tensors';

export const root = 'test/fixtures/reference';
const names = [
  'config.json',
  'model.safetensors',
  'preprocessor_config.json',
  'tokenizer.json',
  'vocab.json',
];

/** A model of the reference fixture, by file name. */
export function files(model: string): Map<string, Blob> {
  return new Map(names.map((name) => [name, new Blob([fs.readFileSync(`${root}/${model}/${name}`)])]));
}

/** The student's files with its tensors changed. */
export async function withTensors(change: (tensors: HostTensors) => void): Promise<Map<string, Blob>> {
  const changed = files('student');
  const tensors = await readSafetensors(changed.get('model.safetensors') ?? new Blob(), 'student');
  change(tensors);
  return changed.set('model.safetensors', new Blob([writeSafetensors(tensors)]));
}

export function load(contents: Map<string, Blob>, options?: { text?: boolean }): Promise<Checkpoint> {
  return loadCheckpoint(blobFolder('student', contents), options);
}
