import { wrap } from 'comlink';
import { createStore } from 'zustand/vanilla';
import type { heicAsJpeg } from '../../data/images/shown';
import type { AskedPicture } from '../../worker/api';
import { store } from '../store';

/** What the view asks: which texts go with an image, or which images with a text. */
export type Mode = 'image' | 'text';

/** A picture of the user's own; its address is for showing it. */
export interface OwnPicture extends AskedPicture {
  url: string;
}

interface Asked {
  mode: Mode;
  /** An image of the data by its index, or a picture of the user's own; undefined for the one that the figure follows. */
  image: number | OwnPicture | undefined;
  /** A text a line. */
  typed: string;
  /** Whether the data's own texts are asked too. */
  withOwn: boolean;
  /** Whether what is typed goes into the data's prompt template. */
  inTemplate: boolean;
  /** What images are searched for. */
  query: string;
}

export const askedStore = createStore<Asked>(() => ({
  mode: 'image',
  image: undefined,
  typed: '',
  withOwn: true,
  inTemplate: true,
  query: '',
}));

/** Asks about an image of the data, or with undefined about the one that the figure follows. */
export function askAbout(image: number | OwnPicture | undefined): void {
  const before = askedStore.getState().image;
  if (typeof before === 'object') URL.revokeObjectURL(before.url);
  askedStore.setState({ mode: 'image', image });
}

/** Whether a file calls itself an image. */
export const isImage = ({ type }: File): boolean => type.startsWith('image/');

/** Asks about a file of the user's: of several, about the first that calls itself an image. */
export function askAboutFile(files: Iterable<File>): void {
  const all = [...files];
  const file = all.find(isImage) ?? all[0];
  if (file)
    askAbout({
      id: crypto.randomUUID(),
      path: file.name || 'The picture',
      file,
      url: URL.createObjectURL(file),
    });
}

/** The address of a picture as a JPEG, decoded beside the page, which it would hold up. Rejects where it can't be read. */
export async function jpegAddress({ file, path }: AskedPicture): Promise<string> {
  const worker = new Worker(new URL('./heic.worker.ts', import.meta.url), { type: 'module' });
  try {
    return URL.createObjectURL(await wrap<typeof heicAsJpeg>(worker)(file, path));
  } finally {
    worker.terminate();
  }
}

// In other data, another image has this index.
store.subscribe((state, previous) => {
  const { mode, image } = askedStore.getState();
  if (state.imagesVersion !== previous.imagesVersion && typeof image === 'number')
    askedStore.setState({ mode, image: undefined });
});
