import { InputError } from './folder';
import { chunks, connected, request } from './http';
import { RangeBlob } from './rangeBlob';
import { withRetries } from './retry';

/** A file at a web address, read by range requests. Throws InputError, as reading it does, where it can't be loaded. */
export async function openRemoteFile(url: string, headers: Record<string, string> = {}): Promise<Blob> {
  const size = await sizeOf(url, headers);
  return new RangeBlob((start, end) => fetchRange(url, headers, start, end), 0, size);
}

async function fetchRange(
  url: string,
  headers: Record<string, string>,
  start: number,
  end: number,
): Promise<ArrayBuffer> {
  const { body } = await fetchPatiently(
    url,
    { headers: { ...headers, Range: `bytes=${start}-${end - 1}` } },
    async (answer) => {
      if (answer.status === 206) return;
      if (!answer.ok) throw failure(url, answer);
      throw new InputError(`${url} can only be loaded as a whole; its server answers no range requests.`);
    },
  );
  if (body.size !== end - start)
    throw new InputError(`${url} can't be loaded: its server sends other bytes than asked for.`);
  return body.arrayBuffer();
}

/** By HEAD, whose answer browsers let us read across origins; by a range where the server refuses that. */
async function sizeOf(url: string, headers: Record<string, string>): Promise<number> {
  const head = await fetchPatiently(url, { method: 'HEAD', headers }, async () => {});
  const length = head.answer.headers.get('content-length');
  if (head.answer.ok && length) return Number(length);
  const { answer } = await fetchPatiently(
    url,
    { headers: { ...headers, Range: 'bytes=0-0' } },
    async (first) => {
      if (first.status !== 206) throw failure(url, first);
    },
  );
  const total = Number(answer.headers.get('content-range')?.split('/')[1]);
  if (!(total >= 0)) throw new InputError(`${url} can't be loaded: its server does not tell its size.`);
  return total;
}

function failure(url: string, answer?: Response): InputError {
  const problem = answer
    ? `its server answers ${answer.status} ${answer.statusText}`
    : 'the connection fails';
  return new InputError(`${url} can't be loaded: ${problem}; try again later.`);
}

/**
 * Fetches with patience for a busy server and a bad connection. Throws InputError where that does not help, or what
 * `check` throws of the answer before its body is read.
 */
function fetchPatiently(
  url: string,
  init: RequestInit,
  check: (answer: Response) => Promise<void>,
): Promise<{ answer: Response; body: Blob }> {
  const explain = (answer?: Response) => failure(url, answer);
  const attempt = () =>
    connected(undefined, explain, async (connection) => {
      const answer = await request(url, { ...init, signal: connection.signal }, explain);
      await check(answer);
      const parts: Uint8Array<ArrayBuffer>[] = [];
      for await (const part of chunks(answer, explain)) {
        connection.isAlive();
        parts.push(part);
      }
      return { answer, body: new Blob(parts) };
    });
  return withRetries(attempt, {});
}
