import { type Remote, wrap } from 'comlink';
import type { ExamineImage } from '../dataset';
import type { DecodeWorker } from './decodeWorker';
import { checkHeader } from './imageHeader';
import type { RenderImage } from './render';

/** Draws an SVG file and gives it as a PNG. Only a page can: workers have nothing that draws SVG. */
export type RasteriseSvg = (svg: Blob) => Promise<Blob>;

export interface DecodePool {
  render: RenderImage;
  examine: ExamineImage;
  /** What draws SVG files; without it they can't be decoded. */
  rasteriseSvg?: RasteriseSvg;
  /** Ends the workers; what they were at never ends. */
  dispose(): void;
}

/** Workers that decode and resize images, each image on the one with the least to do. */
export function createDecodePool(size: number): DecodePool {
  const members = Array.from({ length: size }, () => {
    const worker = new Worker(new URL('./decodeWorker.ts', import.meta.url), { type: 'module' });
    return { worker, remote: wrap<DecodeWorker>(worker), pending: 0 };
  });

  async function onIdlest<R>(work: (remote: Remote<DecodeWorker>) => Promise<R>): Promise<R> {
    const member = members.reduce((a, b) => (b.pending < a.pending ? b : a));
    member.pending++;
    try {
      return await work(member.remote);
    } finally {
      member.pending--;
    }
  }

  async function drawn(file: Blob, path: string): Promise<Blob> {
    if (!pool.rasteriseSvg || !/\.svg$/i.test(path)) return file;
    await checkHeader(file);
    // What can't be drawn is perhaps another image under this name.
    return pool.rasteriseSvg(file).catch(() => file);
  }

  const pool: DecodePool = {
    render: async (file, path, ...how) => {
      const image = await drawn(file, path);
      return onIdlest((remote) => remote.render(image, path, ...how));
    },
    examine: async (file, path) => {
      const image = await drawn(file, path);
      return onIdlest((remote) => remote.examine(image, path));
    },
    dispose: () => {
      for (const { worker } of members) worker.terminate();
    },
  };
  return pool;
}
