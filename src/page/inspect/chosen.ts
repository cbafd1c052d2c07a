import { createStore } from 'zustand/vanilla';

/** The image that the figure follows, chosen in the gallery; an index into the data set's images. */
export const chosenStore = createStore<{ image: number | undefined }>(() => ({ image: undefined }));
