import { type Fetched, ownOf } from '../files/notedFetch';

export type { Fetched } from '../files/notedFetch';

/** What workers have told, by host and the host that led there. */
const told = new Map<string, Fetched>();

function add(to: Map<string, Fetched>, { host, via, requests, bytes }: Fetched): void {
  const key = `${host} ${via}`;
  const before = to.get(key) ?? { requests: 0, bytes: 0 };
  to.set(key, { host, via, requests: before.requests + requests, bytes: before.bytes + bytes });
}

/** Hears what a worker fetches, if it tells it. */
export function hearFetches(worker: Worker): void {
  worker.addEventListener('message', ({ data }) => data.fetched && add(told, data.fetched));
}

/** What the page and its workers have fetched since it was opened, those that have ended too. */
export function fetched(): Fetched[] {
  const all = new Map(told);
  add(all, ownOf(performance.getEntries()));
  return [...all.values()];
}
