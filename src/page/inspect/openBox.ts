import { createStore } from 'zustand/vanilla';

/** What can be opened in the figure. */
export const boxNames = [
  'teacher',
  'student',
  'textTower',
  'projector',
  'ifalign',
  'edu',
  'qt',
  'refinement',
  'loss',
  'qs',
] as const;
export type BoxName = (typeof boxNames)[number];

/** The box whose door stands open in the Inspect panel. */
export const openBoxStore = createStore<{ box: BoxName | undefined }>(() => ({ box: undefined }));

/** Opens a box; one that is open already is closed. */
export const toggleBox = (box: BoxName): void =>
  openBoxStore.setState((state) => ({ box: state.box === box ? undefined : box }));

export const closeBox = (): void => openBoxStore.setState({ box: undefined });
