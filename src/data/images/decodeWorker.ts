import { expose, transfer } from 'comlink';
import { BEGAN } from '../../files/beginWorker';
import { decodeWithHeic } from './decodeWithHeic';
import { examineWith } from './examine';
import { type RenderImage, renderWith } from './render';
import { heicAsJpeg } from './shown';

const render = renderWith(decodeWithHeic);

/** Decoding and resizing on a thread of its own; pixels leave it without being copied. */
const worker = {
  render: (async (...args) => {
    const pixels = await render(...args);
    return transfer(pixels, [pixels.buffer]);
  }) satisfies RenderImage,
  examine: examineWith(decodeWithHeic),
  heicAsJpeg,
};

export type DecodeWorker = typeof worker;

expose(worker);
postMessage(BEGAN);
