import { createStore } from 'zustand/vanilla';

/** The step under the pointer, in whichever chart it is; undefined where it is in none. */
export const pointerStore = createStore<{ step?: number }>(() => ({}));

export const pointAt = (step: number | undefined): void => pointerStore.setState({ step });
