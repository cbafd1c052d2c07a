// For their side effects: tfjs with its flags, which must come first.
import '@tensorflow/tfjs-core';
import { TextReader } from '../distill/textReader';
import { similarities, unpackIndex } from '../export/searchIndex';
import type { AboutSearch } from '../export/searchPage';
import { openSafetensors } from '../files/safetensors';
import type { TensorSource } from '../files/tensors';
import { startWasm } from './device';

/** The pictures of the page, ready to be searched. */
export interface Searching {
  paths: string[];
  /** Cosines of a text and the pictures, in their order. */
  find(text: string): Promise<Float32Array>;
}

/**
 * Puts the text tower on WebAssembly.
 *
 * @param tower its tensors, with what they belong to
 * @param pictures their features, packed
 */
export async function openSearch(tower: Blob, pictures: Blob): Promise<Searching> {
  await startWasm();
  const name = 'The page’s text tower';
  const file = await openSafetensors(tower, name);
  const about: AboutSearch = JSON.parse(file.metadata['search']);
  const { config, cleansTexts, tokenizer, words, paths, d } = about;
  const tokenizerFiles = new Map(Object.entries(tokenizer).map(([path, text]) => [path, new Blob([text])]));
  const tensors: TensorSource = {
    shapes: new Map([...file.entries].map(([tensor, { shape }]) => [tensor, shape])),
    pieces: (tensor) => file.floats(tensor),
  };
  const prompts = words === undefined ? undefined : { words, text: await file.read('prompts') };
  const reader = new TextReader({ name, config, cleansTexts, tokenizerFiles, tensors }, prompts);
  const index = unpackIndex(await pictures.arrayBuffer(), paths.length, d);
  return {
    paths,
    async find(text) {
      const [{ features }] = await reader.read([text], new AbortController().signal);
      return similarities(features, index);
    },
  };
}
