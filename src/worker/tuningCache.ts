import type { TuningStore } from '../device/tuning';

const NAME = 'clip-distillery-tuning';

/** No such address is ever asked for: it is only the name of an entry. */
const addressOf = (key: string) => `tuning?${encodeURIComponent(key)}`;

/** What was measured of this browser's adapters, in its Cache storage, which workers have too. */
export const tuningCache: TuningStore = {
  async get(key) {
    const found = await (await caches.open(NAME)).match(addressOf(key));
    return found?.text();
  },
  async set(key, value) {
    await (await caches.open(NAME)).put(addressOf(key), new Response(value));
  },
};
