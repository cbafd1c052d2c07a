import type { TuningOptions, TuningStore } from '../device/tuning';
import type { OnProgress } from '../files/folder';

const NAME = 'clip-distillery-tuning';

/** No such address is ever asked for: it is only the name of an entry. */
const addressOf = (key: string) => `tuning?${encodeURIComponent(key)}`;

/** What was measured of this browser's adapters, in its Cache storage, which workers have too. */
const tuningCache: TuningStore = {
  async get(key) {
    const found = await (await caches.open(NAME)).match(addressOf(key));
    return found?.text();
  },
  async set(key, value) {
    await (await caches.open(NAME)).put(addressOf(key), new Response(value));
  },
};

export const tuningOptions = (onProgress: OnProgress): TuningOptions => ({
  store: tuningCache,
  onProgress: (fraction) =>
    onProgress({
      label: 'Looking for the fastest matrix products of this device',
      done: Math.round(100 * fraction),
      total: 100,
      unit: '%',
    }),
});
