import { download } from './download';
import { type FileSource, InputError, type OnProgress } from './folder';
import { notedFetch } from './notedFetch';
import type { RetryOptions } from './retry';
import type { FileStore } from './storage';

/**
 * The files below a web address. A missing file (404) is undefined; every other failure is an InputError
 * with the address and the status.
 */
export function urlSource(base: string, onProgress?: OnProgress): FileSource {
  const root = base.replace(/\/*$/, '/');
  return {
    name: base.replace(/\/+$/, ''),
    async open(path) {
      const url = root + path;
      const response = await request(url);
      if (response.status === 404 || isFallbackPage(response, path)) return undefined;
      if (!response.ok)
        throw new InputError(`${url} could not be loaded: ${response.status} ${response.statusText}`);
      return onProgress ? readWithProgress(response, path, onProgress) : response.blob();
    },
  };
}

/** As `urlSource`, for large files: downloaded into a store, resumed where a connection was cut, kept while unchanged. */
export function storedUrlSource(base: string, store: FileStore, options: RetryOptions): FileSource {
  const place = base.replace(/\/+$/, '');
  return {
    name: place,
    open(path) {
      const url = `${place}/${path}`;
      const isAbsent = (answer: Response) => answer.status === 404 || isFallbackPage(answer, path);
      return download(
        { url, place, path, isAbsent, explain: (answer) => failure(url, answer) },
        store,
        options,
      );
    },
  };
}

function failure(url: string, answer: Response | undefined): InputError {
  return new InputError(
    answer
      ? `${url} could not be loaded: ${answer.status} ${answer.statusText}.`
      : `${url} could not be loaded, or not to its end. Check the address and the connection; ` +
          'some sites also forbid other pages to read their files.',
  );
}

async function request(url: string): Promise<Response> {
  try {
    return await notedFetch(url);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new InputError(`${url} could not be reached (${reason}). Check the address and the connection.`);
  }
}

/** Servers of single-page apps answer a missing file with their page instead of 404. */
function isFallbackPage(response: Response, path: string): boolean {
  return !path.endsWith('.html') && (response.headers.get('content-type') ?? '').startsWith('text/html');
}

async function readWithProgress(response: Response, label: string, onProgress: OnProgress): Promise<Blob> {
  if (!response.body) return response.blob();
  // With a content encoding, the length is that of the compressed bytes.
  const length = response.headers.has('content-encoding')
    ? 0
    : Number(response.headers.get('content-length') ?? 0);
  const chunks: Uint8Array<ArrayBuffer>[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (let read = await reader.read(); !read.done; read = await reader.read()) {
    chunks.push(read.value);
    done += read.value.length;
    onProgress({ label, done, total: Math.max(length, done), unit: 'bytes' });
  }
  return new Blob(chunks);
}
