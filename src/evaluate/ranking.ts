/** The indices of the k largest of `scores`, largest first; of equal ones the first. */
export function largest(scores: ArrayLike<number>, k: number): number[] {
  const best: number[] = [];
  for (let i = 0; i < scores.length; i++) {
    if (best.length === k && !(scores[i] > scores[best[k - 1]])) continue;
    let at = Math.min(best.length, k - 1);
    while (at > 0 && scores[i] > scores[best[at - 1]]) {
      best[at] = best[at - 1];
      at--;
    }
    best[at] = i;
  }
  return best;
}

/** The first k of each row of `scores`, [rows, columns], as indices of columns. */
export function largestOfRows(scores: Float32Array, columns: number, k: number): number[][] {
  return Array.from({ length: scores.length / columns }, (_, row) =>
    largest(scores.subarray(row * columns, (row + 1) * columns), k),
  );
}

/**
 * Recall at k: of the queries that have right answers, the share (0..1) with one among their first k. Undefined where
 * none has.
 *
 * @param found each query's answers, best first
 * @param right each query's right answers
 */
export function recallAt(k: number, found: number[][], right: number[][]): number | undefined {
  const answerable = found.filter((_, i) => right[i].length > 0).length;
  const hits = found.filter((answers, i) => answers.slice(0, k).some((answer) => right[i].includes(answer)));
  return answerable === 0 ? undefined : hits.length / answerable;
}

/** 2ab / (a + b), and 0 where both are. */
export function harmonicMean(a: number, b: number): number {
  return a + b === 0 ? 0 : (2 * a * b) / (a + b);
}
