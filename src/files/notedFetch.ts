import { counted } from './counted';

/** Something that was asked of a host, or came from it. */
export interface Fetched {
  /** With its port: 'huggingface.co', 'localhost:5173'. */
  host: string;
  /** The host that was asked, where it led to this one. */
  via?: string;
  requests: number;
  bytes: number;
}

let note: ((fetched: Fetched) => void) | undefined;

/** As `fetch`; in a worker that tells what it fetches, what other places than its own are asked is told. */
export async function notedFetch(address: string, init?: RequestInit): Promise<Response> {
  const tell = note;
  if (!tell) return fetch(address, init);
  const { host: asked, origin } = new URL(address);
  if (origin === location.origin) return fetch(address, init);
  tell({ host: asked, requests: 1, bytes: 0 });
  const answer = await fetch(address, init);
  const { host } = new URL(answer.url);
  const via = host === asked ? undefined : asked;
  if (via) tell({ host, via, requests: 1, bytes: 0 });
  if (!answer.body) return answer;
  let before = 0;
  const body = counted(answer.body, (passed) => {
    tell({ host, via, requests: 0, bytes: passed - before });
    before = passed;
  });
  return new Response(body, answer);
}

/**
 * Has a worker post what it fetches to its page, as `{ fetched }`. Of its own place the browser knows it, scripts and
 * WebAssembly too; of others, it hides how much came and where they led.
 */
export function tellFetches(): void {
  note = (fetched) => postMessage({ fetched });
  new PerformanceObserver((list) => note?.(ownOf(list.getEntries()))).observe({
    type: 'resource',
    buffered: true,
  });
}

/** What a thread has fetched from its own place. */
export function ownOf(entries: PerformanceEntryList): Fetched {
  const own = entries.filter(
    (entry): entry is PerformanceResourceTiming =>
      entry instanceof PerformanceResourceTiming && entry.name.startsWith(`${location.origin}/`),
  );
  const bytes = own.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0);
  return { host: location.host, requests: own.length, bytes };
}
