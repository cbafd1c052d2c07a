import { wrap } from 'comlink';
import { beginWorker } from '../../files/beginWorker';
import type { ExamineImage } from '../dataset';
import { decodeWithHeic } from './decodeWithHeic';
import type { DecodeWorker } from './decodeWorker';
import { examineWith } from './examine';
import { isHeic } from './heic';
import { checkHeader, svgElements } from './imageHeader';
import { type RenderImage, renderWith } from './render';
import { heicAsJpeg } from './shown';

/**
 * Draws an SVG file of about so many elements and gives it as a PNG; nothing where that takes too long. Only a page can:
 * workers have nothing that draws SVG.
 */
export type RasteriseSvg = (svg: Blob, elements: number) => Promise<Blob | undefined>;

/** A worker could not begin, or met an error. */
const FAILED = Symbol('failed');

interface Decoder {
  render: RenderImage;
  examine: ExamineImage;
  /** A phone's HEIC as a JPEG, which a page can show. */
  heicAsJpeg(file: Blob, path: string): Promise<Blob>;
}

export interface DecodePool extends Omit<Decoder, 'heicAsJpeg'> {
  /** The file as a page can show it. */
  shown(file: Blob, path: string): Promise<Blob>;
  /** What draws SVG files; without it they can't be decoded. */
  rasteriseSvg?: RasteriseSvg;
  /** Comes when a worker could not begin; this thread does its part. */
  failed: Promise<unknown>;
  /** Ends the workers; what they were at never ends. */
  dispose(): void;
}

const decodeWorker = () => new Worker(new URL('./decodeWorker.ts', import.meta.url), { type: 'module' });

/** Workers that decode and resize images, each image on the one with the least to do. */
export function createDecodePool(size: number): DecodePool {
  const here: Decoder = {
    render: renderWith(decodeWithHeic),
    examine: examineWith(decodeWithHeic),
    heicAsJpeg,
  };

  const members = Array.from({ length: size }, () => {
    let fail = () => {};
    const failed = new Promise<typeof FAILED>((resolve) => {
      fail = () => resolve(FAILED);
    });
    let end = () => {};
    const begun = new Promise<Decoder>((resolve) => {
      end = beginWorker(decodeWorker, {
        onBegun: (worker) => resolve(wrap<DecodeWorker>(worker)),
        onEnded: fail,
      });
    });
    return { begun, failed, end: () => end(), pending: 0 };
  });

  async function onIdlest<R>(work: (decoder: Decoder) => Promise<R>): Promise<R> {
    const member = members.reduce((a, b) => (b.pending < a.pending ? b : a));
    member.pending++;
    try {
      const done = await Promise.race([member.begun.then(work), member.failed]);
      return done === FAILED ? await work(here) : done;
    } finally {
      member.pending--;
    }
  }

  async function drawn(file: Blob, path: string): Promise<Blob> {
    if (!pool.rasteriseSvg || !/\.svg$/i.test(path)) return file;
    await checkHeader(file);
    // What can't be drawn is perhaps another image under this name.
    const png = await pool.rasteriseSvg(file, await svgElements(file)).catch(() => file);
    if (!png) throw new Error('drawing it takes over ten seconds; save it as PNG');
    return png;
  }

  const pool: DecodePool = {
    failed: Promise.race(members.map(({ failed }) => failed)),
    render: async (file, path, ...how) => {
      const image = await drawn(file, path);
      return onIdlest((decoder) => decoder.render(image, path, ...how));
    },
    examine: async (file, path) => {
      const image = await drawn(file, path);
      return onIdlest((decoder) => decoder.examine(image, path));
    },
    shown: async (file, path) =>
      (await isHeic(file)) ? onIdlest((decoder) => decoder.heicAsJpeg(file, path)) : file,
    dispose: () => {
      for (const { end } of members) end();
    },
  };
  return pool;
}
