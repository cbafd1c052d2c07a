import { notedFetch } from './notedFetch';
import { Interruption } from './retry';

/** A connection over which nothing comes for so long is given up. */
const STALL_MS = 30_000;

/** The error for an answer that is not what was asked for; for `undefined`, none came or it was cut. */
export type Explain = (answer: Response | undefined) => Error;

/** Requests from an address; throws an Interruption where it was not reached, or answers that it is busy or broken. */
export async function request(url: string, init: RequestInit, explain: Explain): Promise<Response> {
  // Kept in a store of our own; a second copy in the browser's cache would cost as much again.
  const response = await notedFetch(url, { ...init, cache: 'no-store' }).catch((error) => {
    if (init.signal?.aborted) throw error;
    throw new Interruption(explain(undefined));
  });
  if (response.status !== 429 && response.status !== 408 && response.status < 500) return response;
  await response.body?.cancel();
  throw new Interruption(explain(response), retryAfter(response));
}

/** Milliseconds that the server asks to wait, by `Retry-After` or the hub's `RateLimit: "api";r=0;t=55`. */
export function retryAfter({ headers }: Response): number | undefined {
  const after = headers.get('retry-after');
  const seconds = after ?? /\bt=(\d+)/.exec(headers.get('ratelimit') ?? '')?.[1];
  if (!seconds) return undefined;
  const wait = /^\d+$/.test(seconds) ? Number(seconds) * 1000 : Date.parse(seconds) - Date.now();
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}

/** Does something over a connection that ends with it; throws an Interruption where nothing came for long. */
export async function connected<Result>(
  user: AbortSignal | undefined,
  explain: Explain,
  action: (connection: Connection) => Promise<Result>,
): Promise<Result> {
  const connection = new Connection(user);
  try {
    return await action(connection);
  } catch (error) {
    throw connection.isStalled ? new Interruption(explain(undefined)) : error;
  } finally {
    connection.end();
  }
}

/** What stops a request: the user, or silence. */
export class Connection {
  isStalled = false;
  private readonly controller = new AbortController();
  private timer = setTimeout(() => this.stall(), STALL_MS);
  readonly signal: AbortSignal;

  constructor(user: AbortSignal | undefined) {
    this.signal = user ? AbortSignal.any([user, this.controller.signal]) : this.controller.signal;
  }

  isAlive(): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.stall(), STALL_MS);
  }

  end(): void {
    clearTimeout(this.timer);
    this.controller.abort();
  }

  private stall(): void {
    this.isStalled = true;
    this.controller.abort();
  }
}

/** The bytes of an answer; throws an Interruption where it is cut. */
export async function* chunks(answer: Response, explain: Explain) {
  const reader = answer.body?.getReader();
  for (;;) {
    const read = await reader?.read().catch(() => {
      throw new Interruption(explain(undefined));
    });
    if (!read || read.done) return;
    yield read.value;
  }
}

/** A strong ETag or the time of the last change, by which RFC 9110 lets ranges be put together. */
export function validatorOf({ headers }: Response): string | undefined {
  const etag = headers.get('etag');
  return (etag && !etag.startsWith('W/') ? etag : headers.get('last-modified')) ?? undefined;
}

export interface Range {
  start: number;
  /** Of the whole file. */
  size: number;
}

/** Undefined also where a browser hides the header of another origin. */
export function rangeOf({ headers }: Response): Range | undefined {
  const [, start, size] = /^bytes (\d+)-\d+\/(\d+)$/.exec(headers.get('content-range') ?? '') ?? [];
  return start === undefined ? undefined : { start: Number(start), size: Number(size) };
}
