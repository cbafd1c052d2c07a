interface LineStyle {
  /** The name of a colour in tokens.css. */
  colour: string;
  /** Lengths of its strokes and gaps in pixels. */
  dash: number[];
}

const colours = ['run-1', 'run-2', 'run-3', 'run-4'];
const dashes = [
  [6, 3],
  [2, 3],
  [11, 4],
  [8, 3, 2, 3],
  [4, 2, 4, 7],
  [2, 7],
];

/** How the n-th run in the charts is drawn: colours and dashes of their own, so that either is enough to tell them apart. */
export const lineStyle = (n: number): LineStyle => ({
  colour: colours[n % colours.length],
  dash: dashes[n % dashes.length],
});
