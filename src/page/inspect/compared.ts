import { createStore } from 'zustand/vanilla';
import type { Evaluation } from '../../evaluate/results';

/** A student as it was evaluated at some moment of a run. */
export interface Evaluated {
  /** Its id. */
  run: string;
  evaluation: Evaluation;
}

interface Compared {
  /** What is shown beside the student of the moment; nothing where that is shown alone. */
  other?: Evaluated;
  /** Of each run of this page its student as it was last, the latest run first. */
  last: Evaluated[];
}

export const comparedStore = createStore<Compared>(() => ({ last: [] }));
