/** What is held after so many steps or loads. */
export interface Sample {
  at: number;
  /** Bytes of the JavaScript heap, after its garbage was collected. */
  heap: number;
  /** Live tensors, and their bytes. */
  tensors: number;
  bytes: number;
}

/**
 * How steeply what is held grows, in words, and what grows by more than its noise.
 *
 * @param mostHeap by so many bytes a step the heap may grow
 */
export function flatness(samples: readonly Sample[], mostHeap: number): { words: string; lost: string[] } {
  if (samples.length < 3)
    return { words: 'what so few can’t tell', lost: ['too few to tell whether anything grows'] };
  const lost: string[] = [];
  const words = (['heap', 'tensors', 'bytes'] as const).map((what) => {
    const { slope, error } = slopeOf(samples.map((sample) => [sample.at, sample[what]]));
    if (slope - 2 * error > (what === 'heap' ? mostHeap : 0)) lost.push(`${what} grow by ${slope} each time`);
    return `${slope.toFixed(1)} ± ${error.toFixed(1)} ${what === 'heap' ? 'bytes of heap' : what}`;
  });
  return { words: words.join(', '), lost };
}

/** The slope of a line through points by least squares, with its standard error. */
function slopeOf(points: readonly [x: number, y: number][]): { slope: number; error: number } {
  const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanX, meanY] = [mean(points.map(([x]) => x)), mean(points.map(([, y]) => y))];
  const spread = points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  const slope = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / spread;
  const rest = points.reduce((sum, [x, y]) => sum + (y - meanY - slope * (x - meanX)) ** 2, 0);
  return { slope, error: Math.sqrt(rest / (points.length - 2) / spread) };
}
