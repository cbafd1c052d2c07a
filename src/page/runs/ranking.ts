import { mean } from './figures';
import type { QueuedRun } from './queue';

/** The runs of one combination, which differ in their seeds alone. */
export interface Combination {
  values: string[];
  items: QueuedRun[];
  student?: Spread;
  agreement?: Spread;
  kl?: Spread;
  /** Training time of all seeds. */
  seconds: number;
  /** The best, or one whose distance from the best may be chance. */
  rank?: 'best' | 'tied';
}

export interface Spread {
  mean: number;
  /** Standard deviation of a sample; undefined for a single value. */
  deviation?: number;
}

/**
 * Items by combination, the best marked: by the student's accuracy, or by agreement where nothing is labelled. Where others
 * can't be told from it, all of them are tied.
 */
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
      kl: spread(outcomes.flatMap(({ kl }) => kl ?? [])),
      seconds: outcomes.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  });
  const done = rows.flatMap((row) => {
    const score = row.student ?? row.agreement;
    return score ? [{ row, score: score.mean }] : [];
  });
  if (done.length < 2) return rows;
  const best = done.reduce((one, other) => (other.score > one.score ? other : one)).row;
  const tied = done.flatMap(({ row }) => (row !== best && !isTold(best.items, row.items) ? row : []));
  return rows.map((row) => {
    if (row === best) return { ...row, rank: tied.length > 0 ? ('tied' as const) : ('best' as const) };
    return tied.includes(row) ? { ...row, rank: 'tied' as const } : row;
  });
}

/** Quantiles 0.975 of Student's t with 1, 2, … 10 degrees of freedom, and of the normal distribution. */
const T_QUANTILES = [12.71, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228];
const NORMAL_QUANTILE = 1.96;

/** Beyond the table by Fisher's expansion from the normal distribution, which is right to 0.003 there. */
export function tQuantile(freedom: number): number {
  const z = NORMAL_QUANTILE;
  const expanded =
    z + (z ** 3 + z) / (4 * freedom) + (5 * z ** 5 + 16 * z ** 3 + 3 * z) / (96 * freedom ** 2);
  return T_QUANTILES[freedom - 1] ?? expanded;
}

/**
 * Whether the better of two settings is so by more than chance, at a confidence of 95 %: by Student's t of the differences
 * between runs of the same seed; of a single seed, by the binomial errors of both shares.
 */
function isTold(better: readonly QueuedRun[], other: readonly QueuedRun[]): boolean {
  const shares = pairs(better, other);
  const { mean: difference, deviation } = spread(shares.map(([a, b]) => a.share - b.share)) ?? { mean: 0 };
  if (deviation !== undefined) {
    return difference > (tQuantile(shares.length - 1) * deviation) / Math.sqrt(shares.length);
  }
  const variance = shares.flat().reduce((sum, { share, images }) => sum + (share * (1 - share)) / images, 0);
  return difference > NORMAL_QUANTILE * Math.sqrt(variance);
}

interface Share {
  share: number;
  images: number;
}

/** What both came to, by seeds that both have. */
function pairs(better: readonly QueuedRun[], other: readonly QueuedRun[]): [Share, Share][] {
  const bySeed = new Map(other.map((item) => [item.seed, item]));
  return better.flatMap((item): [Share, Share][] => {
    const [a, b] = [shareOf(item), shareOf(bySeed.get(item.seed))];
    return a && b ? [[a, b]] : [];
  });
}

function shareOf(item: QueuedRun | undefined): Share | undefined {
  const { student, agreement, images = 1 } = item?.outcome ?? {};
  const share = student ?? agreement;
  return share === undefined ? undefined : { share, images };
}

export function spread(values: readonly number[]): Spread | undefined {
  if (values.length === 0) return undefined;
  const middle = mean(values);
  if (values.length === 1) return { mean: middle };
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  return { mean: middle, deviation: Math.sqrt(squares / (values.length - 1)) };
}
