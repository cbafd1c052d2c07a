import { type Estimate, estimate, isTold, NORMAL_QUANTILE } from '../../run/statistics';
import type { QueuedRun } from './queue';

/** The runs of one combination, which differ in their seeds alone. */
export interface Combination {
  values: string[];
  items: QueuedRun[];
  student?: Estimate;
  agreement?: Estimate;
  kl?: Estimate;
  /** Training time of all seeds. */
  seconds: number;
  /** The best, or one whose distance from the best may be chance. */
  rank?: 'best' | 'tied';
  /** What the best is ahead of it by, a share. */
  behind?: Estimate;
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
      student: estimate(outcomes.flatMap(({ student }) => student ?? [])),
      agreement: estimate(outcomes.flatMap(({ agreement }) => agreement ?? [])),
      kl: estimate(outcomes.flatMap(({ kl }) => kl ?? [])),
      seconds: outcomes.reduce((sum, { seconds }) => sum + seconds, 0),
    };
  });
  const done = rows.flatMap((row) => {
    const score = row.student ?? row.agreement;
    return score ? [{ row, score: score.mean }] : [];
  });
  if (done.length < 2) return rows;
  const best = done.reduce((one, other) => (other.score > one.score ? other : one)).row;
  const isDone = new Set(done.map(({ row }) => row));
  const ranked = rows.map((row): Combination => {
    if (row === best || !isDone.has(row)) return row;
    const behind = difference(best.items, row.items);
    const isBehind = behind.mean > 0 && isTold(behind);
    return { ...row, behind, ...(!isBehind && { rank: 'tied' }) };
  });
  const rank = ranked.some((row) => row.rank === 'tied') ? 'tied' : 'best';
  return ranked.map((row) => (row === best ? { ...row, rank } : row));
}

/**
 * What the better of two settings is ahead by: by Student's t of the differences between runs of the same seed; of a
 * single seed, by the binomial errors of both shares.
 */
function difference(better: readonly QueuedRun[], other: readonly QueuedRun[]): Estimate {
  const shares = pairs(better, other);
  const ahead = estimate(shares.map(([a, b]) => a.share - b.share)) ?? { mean: 0 };
  if (ahead.half !== undefined) return ahead;
  const variance = shares.flat().reduce((sum, { share, images }) => sum + (share * (1 - share)) / images, 0);
  return { ...ahead, half: NORMAL_QUANTILE * Math.sqrt(variance) };
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
