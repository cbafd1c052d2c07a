import { proxy, wrap } from 'comlink';
import { hearFetches } from '../../worker/fetched';
import { report } from '../store';
import type { fetchFile } from './fetchFile';
import { offerFile, offerStore } from './opening';

interface FetchOptions {
  signal: AbortSignal;
  onBytes: (got: number) => void;
}

/** Fetches and offers the file that the user has agreed to. */
export async function openAddress(url: URL, options: FetchOptions): Promise<void> {
  try {
    await offerFile(await fetchApart(url, options));
  } catch (error) {
    if (!options.signal.aborted) report(error);
  }
  declineAddress();
}

/** In a worker, since the page itself may ask no other site for anything. */
async function fetchApart(url: URL, { signal, onBytes }: FetchOptions): Promise<File> {
  const worker = new Worker(new URL('./fetch.worker.ts', import.meta.url), { type: 'module' });
  hearFetches(worker);
  const stopped = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason));
  });
  try {
    return await Promise.race([wrap<typeof fetchFile>(worker)(url.href, proxy(onBytes)), stopped]);
  } finally {
    worker.terminate();
  }
}

export const declineAddress = (): void => offerStore.setState({ from: undefined });
