import { usePointer, useStore } from '../parts/stores';

/** The step whose figures are shown: the one under the pointer, else the moment that is looked at; undefined for the last one. */
export function useShownStep(): number | undefined {
  const pointed = usePointer((state) => state.step);
  const moment = useStore((state) => state.moment);
  return pointed ?? moment;
}
