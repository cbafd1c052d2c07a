import { createStore } from 'zustand/vanilla';
import type { Run } from '../../run/schema';
import { changed } from '../change';
import { applyReview } from '../data/actions';
import { isLoading, type State } from '../state';
import { changeRun, history, report, store } from '../store';
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

export const adviceStore = createStore<{ advice: Advice[]; dismissed: Dismissed[] }>(() => ({
  advice: [],
  dismissed: [],
}));

/** Judges the run of the moment, and again as it goes on, until the answered function is called. */
export function followAdvice(): () => void {
  let waiting: ReturnType<typeof setTimeout> | undefined;
  const judge = () => {
    waiting = undefined;
    const advice = adviceOf(store.getState());
    if (JSON.stringify(advice) !== JSON.stringify(adviceStore.getState().advice))
      adviceStore.setState({ advice });
  };
  judge();
  const unsubscribe = store.subscribe(() => {
    waiting ??= setTimeout(judge, PAUSE_MS);
  });
  return () => {
    unsubscribe();
    clearTimeout(waiting);
  };
}

function adviceOf(state: State): Advice[] {
  // While it loads, data and figures may be another run's.
  const { loadedRun, data, student, evaluations, problems } = state;
  if (isLoading(state) || !data) return [];
  const { dismissed } = adviceStore.getState();
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
  const { loadedRun, data } = store.getState();
  adviceStore.setState(({ advice, dismissed }) => ({
    advice: advice.filter((one) => one.id !== id),
    dismissed: [...dismissed, { id, run: loadedRun, data: data?.name }],
  }));
}

/** Changes the settings as advised. Before the first step, and where data is read otherwise, it applies at once. */
export function mend({ change }: NonNullable<Advice['mend']>): void {
  const run = changed(store.getState().run, change);
  if (change.dataOptions) void applyReview(run.dataOptions ?? {}, run.train).catch(report);
  else changeRun(run);
}
