import { create } from 'zustand';

/** The step under the pointer, in whichever chart it is; undefined where it is in none. */
export const usePointer = create<{ step?: number }>(() => ({}));

export const pointAt = (step: number | undefined): void => usePointer.setState({ step });
