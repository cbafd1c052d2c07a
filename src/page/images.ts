import { engine } from './engine';
import { store } from './store';

/** How many images' addresses are kept: more than a screen shows, so that scrolling back is quick. */
const KEPT = 400;

/** Object URLs of images of the data set in use, the latest used last. */
let urls = new Map<number, Promise<string>>();

export function imageUrl(index: number): Promise<string> {
  const url = urls.get(index) ?? engine.image(index).then((file) => URL.createObjectURL(file));
  urls.delete(index);
  urls.set(index, url);
  const [oldest] = urls;
  if (urls.size > KEPT) {
    urls.delete(oldest[0]);
    revoke(oldest[1]);
  }
  return url;
}

const revoke = (url: Promise<string>): void => void url.then(URL.revokeObjectURL, () => {});

store.subscribe((state, previous) => {
  if (state.imagesVersion === previous.imagesVersion) return;
  const old = urls;
  urls = new Map();
  for (const url of old.values()) revoke(url);
});
