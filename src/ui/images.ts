import { engine, useStore } from './store';

/** Object URLs of the images of the data set in use, asked for once each. */
let urls = new Map<number, Promise<string>>();

export function imageUrl(index: number): Promise<string> {
  const known = urls.get(index);
  if (known) return known;
  const url = engine.image(index).then((file) => URL.createObjectURL(file));
  urls.set(index, url);
  return url;
}

useStore.subscribe((state, previous) => {
  if (state.data === previous.data) return;
  const old = urls;
  urls = new Map();
  for (const url of old.values()) void url.then(URL.revokeObjectURL, () => {});
});
