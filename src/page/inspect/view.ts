import { createStore } from 'zustand/vanilla';

/** What the Inspect panel shows where no door of the figure stands open. */
export type InspectView = 'predictions' | 'map' | 'ask';

export const views: readonly (readonly [InspectView, string])[] = [
  ['predictions', 'Predictions'],
  ['map', 'Features map'],
  ['ask', 'Ask'],
];

/** The view that is open, or that closing a door comes back to. */
export const viewStore = createStore<{ view: InspectView }>(() => ({ view: 'predictions' }));

export const showView = (view: InspectView): void => viewStore.setState({ view });
