import { z } from 'zod';
import { type Curves, columnsOf, curvesOf } from '../history';
import { evaluationsSchema } from '../runs/importRuns';
import { keptStore, show } from '../runs/kept';
import type { KeptRun } from '../runs/stored';
import { runSoFar, store } from '../store';

const CHANNEL = 'clip-distillery runs';
const ASK_EVERY_MS = 500;
/** Where the tab that trains has not answered for so long, it is gone, or at another run. */
const GONE_MS = 5000;
/** In one message; more come with the next. */
const MOST_STEPS = 5000;

const id = z.string().max(100);
/** From a tab that watches: which run, and how many steps of it are there already. */
const questionSchema = z.object({ asks: id, from: z.int().nonnegative() });
/** From the tab that trains: the steps after those. */
const answerSchema = z.object({
  answers: id,
  phase: z.string().max(20),
  from: z.int().nonnegative(),
  curves: z.record(
    z.string().max(100),
    z.instanceof(Float64Array).refine(({ length }) => length <= MOST_STEPS),
  ),
  evaluations: evaluationsSchema,
});

/** From a tab whose run has its first checkpoint. */
const beginningSchema = z.object({ begins: id });

/** From now on other tabs can watch the run of the moment, and are told of each that begins. */
export function answerWatchers(): void {
  const channel = new BroadcastChannel(CHANNEL);
  store.subscribe(({ moments, runId }, before) => {
    if (moments.length > 0 && before.moments.length === 0) channel.postMessage({ begins: runId });
  });
  channel.addEventListener('message', ({ data }) => {
    const { success, data: question } = questionSchema.safeParse(data);
    const run = runSoFar();
    if (!success || !run || run.id !== question.asks) return;
    const { curves, evaluations } = run;
    const from = Math.min(question.from, curves.step.length);
    const part = curvesOf(columnsOf(curves), (name) => curves[name].slice(from, from + MOST_STEPS));
    channel.postMessage({
      answers: run.id,
      phase: store.getState().phase,
      from,
      curves: part,
      evaluations,
    });
  });
}

/**
 * Hears of runs that begin in other tabs.
 *
 * @returns what ends it
 */
export function hearBeginnings(onBegun: () => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.addEventListener('message', ({ data }) => {
    if (beginningSchema.safeParse(data).success) onBegun();
  });
  return () => channel.close();
}

/**
 * Shows a run that another tab trains in the charts, as it goes on there.
 *
 * @param onNews hears what the other tab's run is at: 'running', 'paused' and so on
 * @param onGone called where that tab answers no more
 * @returns what ends it
 */
export function watch(run: KeptRun, onNews: (phase: string) => void, onGone: () => void): () => void {
  let seen = run;
  let heardAt = performance.now();
  const channel = new BroadcastChannel(CHANNEL);
  const ask = () => {
    if (performance.now() - heardAt > GONE_MS) end();
    else channel.postMessage({ asks: run.id, from: seen.curves.step.length });
  };
  const timer = setInterval(ask, ASK_EVERY_MS);
  const stop = () => {
    clearInterval(timer);
    channel.close();
  };
  const end = () => {
    stop();
    onGone();
  };
  channel.addEventListener('message', ({ data }) => {
    const { success, data: answer } = answerSchema.safeParse(data);
    if (!success || answer.answers !== run.id || answer.from > seen.curves.step.length) return;
    heardAt = performance.now();
    const { from, evaluations, phase } = answer;
    seen = { ...seen, curves: joined(seen.curves, from, answer.curves), evaluations };
    put(seen);
    onNews(phase);
  });
  put(seen);
  show(run.id);
  ask();
  return stop;
}

/** Curves up to a step, and then others. */
function joined(before: Curves, from: number, after: Curves): Curves {
  const length = from + (after.step?.length ?? 0);
  return curvesOf(columnsOf(after), (name) => {
    const all = new Float64Array(length).fill(Number.NaN);
    all.set((before[name] ?? all).subarray(0, from));
    all.set(after[name].subarray(0, length - from), from);
    return all;
  });
}

/** Among the runs of this page, but not stored: the other tab does that. */
const put = (run: KeptRun): void =>
  keptStore.setState(({ runs }) => ({ runs: [run, ...runs.filter((other) => other.id !== run.id)] }));
