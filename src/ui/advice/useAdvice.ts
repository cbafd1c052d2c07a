import { useEffect } from 'react';
import { create } from 'zustand';
import type { Run } from '../../run/schema';
import { changed } from '../change';
import { applyReview } from '../data/actions';
import type { State } from '../state';
import { changeRun, history, report, useStore } from '../store';
import type { Advice } from './advice';
import { advise } from './advise';

/** Advice is no alarm: it comes at most so often. */
const PAUSE_MS = 1000;

/** What was not wanted, for as long as it would be said of the same settings and data. */
interface Dismissed {
  id: string;
  run: Run;
  data: string | undefined;
}

const useAdviceStore = create<{ advice: Advice[]; dismissed: Dismissed[] }>(() => ({
  advice: [],
  dismissed: [],
}));

/** What there is to say of the run of the moment, followed as it goes on. */
export function useAdvice(): Advice[] {
  useEffect(() => {
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const judge = () => {
      waiting = undefined;
      const advice = adviceOf(useStore.getState());
      if (JSON.stringify(advice) !== JSON.stringify(useAdviceStore.getState().advice))
        useAdviceStore.setState({ advice });
    };
    judge();
    const unsubscribe = useStore.subscribe(() => {
      waiting ??= setTimeout(judge, PAUSE_MS);
    });
    return () => {
      unsubscribe();
      clearTimeout(waiting);
    };
  }, []);
  return useAdviceStore((state) => state.advice);
}

function adviceOf({ loadedRun, data, student, evaluations, problems, isLoading }: State): Advice[] {
  // While it loads, data and figures may be another run's.
  if (isLoading || !data) return [];
  const { dismissed } = useAdviceStore.getState();
  return advise({
    run: loadedRun,
    curves: history.columns(),
    evaluations,
    data,
    student,
    problems: problems.map(({ message }) => message),
  }).filter(
    ({ id }) => !dismissed.some((one) => one.id === id && one.run === loadedRun && one.data === data.name),
  );
}

export function dismissAdvice(id: string): void {
  const { loadedRun, data } = useStore.getState();
  useAdviceStore.setState(({ advice, dismissed }) => ({
    advice: advice.filter((one) => one.id !== id),
    dismissed: [...dismissed, { id, run: loadedRun, data: data?.name }],
  }));
}

/** Changes the settings as advised. Before the first step, and where data is read otherwise, it applies at once. */
export function mend({ change }: NonNullable<Advice['mend']>): void {
  const run = changed(useStore.getState().run, change);
  if (change.dataOptions) void applyReview(run.dataOptions ?? {}, run.train).catch(report);
  else changeRun(run);
}
