import { useEffect, useState } from 'react';
import type { Evaluation } from '../../../evaluate/results';
import { store } from '../../../page/store';

/** While it trains, answers take at most a ninth of the time. */
const TRAINING_PER_ANSWER = 8;

interface Answered<T> {
  /** The latest; that of the question before, while a new one waits. */
  answer?: T;
  /** The first answer to this question. */
  first?: T;
  /** Why there is none. */
  problem?: string;
  isWaiting: boolean;
}

/**
 * What the engine answers to a question, asked again after each evaluation for as long as it is shown.
 *
 * @param ask another function is another question; undefined where there is none
 */
export function useAnswer<T>(ask: (() => Promise<T | undefined>) | undefined): Answered<T> {
  const [answered, setAnswered] = useState<Answered<T>>({ isWaiting: false });
  useEffect(() => {
    setAnswered(({ answer }) => (ask ? { answer, isWaiting: true } : { isWaiting: false }));
    if (!ask) return;
    let isCurrent = true;
    let isUnderWay = false;
    let askedAfter: Evaluation | undefined;
    let notBefore = 0;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const askNow = async () => {
      timer = undefined;
      isUnderWay = true;
      askedAfter = store.getState().evaluation;
      const start = performance.now();
      const next = await ask().then(
        (answer): Partial<Answered<T>> => ({ answer }),
        (error: unknown): Partial<Answered<T>> => ({
          problem: error instanceof Error ? error.message : String(error),
        }),
      );
      // A later question has cut this one off.
      if (!isCurrent) return;
      setAnswered(({ first }) => ({ first: first ?? next.answer, ...next, isWaiting: false }));
      isUnderWay = false;
      const end = performance.now();
      notBefore = end + TRAINING_PER_ANSWER * (end - start);
      askAgain();
    };
    const askAgain = () => {
      const { evaluation } = store.getState();
      if (isUnderWay || timer !== undefined || !evaluation || evaluation === askedAfter) return;
      timer = setTimeout(askNow, Math.max(0, notBefore - performance.now()));
    };
    askAgain();
    const unsubscribe = store.subscribe(askAgain);
    return () => {
      isCurrent = false;
      clearTimeout(timer);
      unsubscribe();
    };
  }, [ask]);
  return answered;
}
