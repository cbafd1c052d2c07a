import { mean } from './figures';
import type { QueuedRun } from './queue';

/** The runs of one combination, which differ in their seeds alone. */
export interface Combination {
  values: string[];
  items: QueuedRun[];
  student?: Spread;
  agreement?: Spread;
  loss?: Spread;
  /** Training time of all seeds. */
  seconds: number;
  isBest: boolean;
}

export interface Spread {
  mean: number;
  /** Standard deviation of a sample; undefined for a single value. */
  deviation?: number;
}

/** Items by combination, the best marked: by the student's accuracy, or by agreement where nothing is labelled. */
export function combine(items: readonly QueuedRun[]): Combination[] {
  const groups = new Map<string, QueuedRun[]>();
  for (const item of items) {
    const key = JSON.stringify(item.values);
    groups.set(key, [...(groups.get(key) ?? []), item]);
  }
  const rows = [...groups.values()].map((group) => {
    const outcomes = group.flatMap(({ outcome }) => outcome ?? []);
    return {
      values: group[0].values,
      items: group,
      student: spread(outcomes.flatMap(({ student }) => student ?? [])),
      agreement: spread(outcomes.flatMap(({ agreement }) => agreement ?? [])),
      loss: spread(outcomes.map(({ loss }) => loss)),
      seconds: outcomes.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  });
  const score = ({ student, agreement }: (typeof rows)[number]) => (student ?? agreement)?.mean;
  const done = rows.flatMap((row) => score(row) ?? []);
  const best = done.length > 1 ? Math.max(...done) : undefined;
  return rows.map((row) => ({ ...row, isBest: best !== undefined && score(row) === best }));
}

export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const middle = mean(values);
  if (values.length === 1) return { mean: middle };
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { mean: middle, deviation: Math.sqrt(squares / (values.length - 1)) };
}
