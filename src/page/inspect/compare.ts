import type { Prediction } from '../../evaluate/results';
import { describeAmong } from '../describeRun';
import { count } from '../format';
import { keptStore } from '../runs/kept';
import { history, store } from '../store';
import { scrub } from '../time/scrub';
import { comparedStore, type Evaluated } from './compared';
import { isRight } from './order';

/** Runs whose last evaluation is remembered: each has megabytes. */
const MOST_RUNS = 6;

/** What can stand beside what is shown, and what it is called there. */
interface Choice {
  key: string;
  name: string;
  /** Left out for the student as it is, whose last evaluation may be some steps old. */
  of?: Evaluated;
}

const isSame = (a: Evaluated, b: Evaluated): boolean =>
  a.run === b.run && a.evaluation.step === b.evaluation.step;

/** The student as it is, what is shown, what stands beside it already, and the last of each other run. */
export function choices(): Choice[] {
  const { runId, evaluation, moment } = store.getState();
  const { other, last } = comparedStore.getState();
  const kept = new Set(keptStore.getState().runs.map(({ id }) => id));
  const shown = evaluation && { run: runId, evaluation };
  const others = last.filter((of) => of.run !== runId && kept.has(of.run) && !(other && isSame(of, other)));
  const all = [shown && other && isSame(shown, other) ? undefined : shown, other, ...others];
  const isNowBeside = other?.run === runId && other.evaluation.step === history.length;
  return [
    ...(moment !== undefined && !isNowBeside
      ? [{ key: 'now', name: `now: step ${count(history.length)}` }]
      : []),
    ...all.flatMap((of) => (of ? [{ key: `${of.run} ${of.evaluation.step}`, name: nameOf(of), of }] : [])),
  ];
}

/** 'step 30', and of another run than that of the moment its settings before it. */
export function nameOf({ run, evaluation }: Evaluated): string {
  const { runId, loadedRun } = store.getState();
  const step = `step ${count(evaluation.step)}`;
  const kept = keptStore.getState().runs.find(({ id }) => id === run);
  if (run === runId || !kept) return step;
  return `${kept.name ?? describeAmong(kept.run, [kept.run, loadedRun])}, ${step}`;
}

/** Shows a student beside the one of the moment; without one, that alone. */
export async function compareWith(choice?: Choice): Promise<void> {
  comparedStore.setState({ other: choice && (choice.of ?? (await now())) });
}

/** The student as it is, while a moment is looked at. */
async function now(): Promise<Evaluated | undefined> {
  const { moment, runId } = store.getState();
  const last = () => comparedStore.getState().last.find(({ run }) => run === runId);
  if (last()?.evaluation.step !== history.length) {
    await scrub(undefined);
    await scrub(moment);
  }
  return last();
}

/** What is shown and what it is compared with: of one run the earlier moment first, else what is shown last. */
export const inOrder = (shown: Evaluated, other: Evaluated): [Evaluated, Evaluated] =>
  shown.run === other.run && shown.evaluation.step < other.evaluation.step ? [shown, other] : [other, shown];

/** One image by both students of a comparison, where both have looked at it. */
export interface Pair {
  first: Prediction;
  second: Prediction;
  /** Their first choices differ. */
  isChanged: boolean;
}

/** By image. */
export function pairsOf([a, b]: readonly [Evaluated, Evaluated]): Map<number, Pair> {
  const others = new Map(b.evaluation.predictions.map((prediction) => [prediction.image, prediction]));
  return new Map(
    a.evaluation.predictions.flatMap((first) => {
      const second = others.get(first.image);
      if (!second) return [];
      const isChanged = first.student[0]?.text !== second.student[0]?.text;
      return [[first.image, { first, second, isChanged }]];
    }),
  );
}

/** Whether a student's first choice is right. */
export const hasIt = (prediction: Prediction): boolean => isRight(prediction, prediction.student[0]?.text);

function remember(): void {
  const { runId, evaluation, moment } = store.getState();
  if (!evaluation || evaluation.step === 0 || moment !== undefined) return;
  const others = comparedStore.getState().last.filter(({ run }) => run !== runId);
  comparedStore.setState({ last: [{ run: runId, evaluation }, ...others].slice(0, MOST_RUNS) });
}

remember();
store.subscribe((state, before) => {
  // Other images can't be compared.
  if (state.imagesVersion !== before.imagesVersion) comparedStore.setState({ other: undefined, last: [] });
  if (state.evaluation !== before.evaluation) remember();
});
