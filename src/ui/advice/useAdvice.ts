import { useEffect } from 'react';
import type { Advice } from '../../page/advice/advice';
import { adviceStore, followAdvice } from '../../page/advice/follow';
import { hookOf } from '../parts/stores';

const useAdviceStore = hookOf(adviceStore);

/** What there is to say of the run of the moment, followed as it goes on. */
export function useAdvice(): Advice[] {
  useEffect(followAdvice, []);
  return useAdviceStore((state) => state.advice);
}
