import { type Remote, wrap } from 'comlink';
import type { DecodeImage } from './dataset';
import type { DecodeWorker } from './decodeWorker';
import type { RenderImage } from './render';

export interface DecodePool {
  decode: DecodeImage;
  render: RenderImage;
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

  return {
    decode: (file, path) => onIdlest((remote) => remote.decode(file, path)),
    render: (...args) => onIdlest((remote) => remote.render(...args)),
    dispose: () => {
      for (const { worker } of members) worker.terminate();
    },
  };
}
