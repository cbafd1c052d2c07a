/** A smooth density of `values` at `points` evenly spaced places from `low` to `high` (Gaussian kernel, Silverman's width). */
export function density(values: ArrayLike<number>, low: number, high: number, points: number): number[] {
  const width = bandwidth(values) || (high - low) / points || 1;
  const norm = 1 / (values.length * width * Math.sqrt(2 * Math.PI));
  return Array.from({ length: points }, (_, i) => {
    const x = low + ((high - low) * i) / (points - 1);
    let sum = 0;
    for (let j = 0; j < values.length; j++) sum += Math.exp(-0.5 * ((x - values[j]) / width) ** 2);
    return sum * norm;
  });
}

/** Silverman's rule of thumb with the standard deviation. */
function bandwidth(values: ArrayLike<number>): number {
  const all = Array.from(values);
  const mean = all.reduce((sum, v) => sum + v, 0) / all.length;
  const deviation = Math.sqrt(all.reduce((sum, v) => sum + (v - mean) ** 2, 0) / all.length);
  return 1.06 * deviation * all.length ** -0.2;
}
