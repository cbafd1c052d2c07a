import { type Remote, wrap } from 'comlink';
import type { Downloads } from './downloadWorker';

declare global {
  var downloads: Remote<Downloads>;
}

const worker = new Worker(new URL('./downloadWorker.ts', import.meta.url), { type: 'module' });
globalThis.downloads = wrap<Downloads>(worker);
