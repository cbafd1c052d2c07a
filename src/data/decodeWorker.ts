import { expose, transfer } from 'comlink';
import type { DecodeImage } from './dataset';
import { decodeInBrowser } from './decodeBrowser';
import { type RenderImage, renderWith } from './render';

const render = renderWith(decodeInBrowser);

/** Decoding and resizing on a thread of its own; pixels leave it without being copied. */
const worker = {
  decode: (async (file, path) => {
    const image = await decodeInBrowser(file, path);
    return transfer(image, [image.data.buffer]);
  }) satisfies DecodeImage,
  render: (async (...args) => {
    const pixels = await render(...args);
    return transfer(pixels, [pixels.buffer]);
  }) satisfies RenderImage,
};

export type DecodeWorker = typeof worker;

expose(worker);
