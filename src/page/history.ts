import { methods } from '../distill/methods/methods';
import type { StepMetrics } from '../train/events';

/** Every figure that is kept of a step, whatever the method, in the order of files. */
const known = [
  'step',
  'total',
  ...new Set(Object.values(methods).flatMap(({ terms }) => Object.keys(terms))),
  'learningRate',
  'imagesPerSecond',
];

/** The figures of a run's steps, an entry a step: those that every run has, and the terms of its method. */
export type Curves = Record<string, Float64Array>;

/** The names of the figures of a step or of a run's curves, in the order of files. */
export const columnsOf = (figures: Readonly<Record<string, unknown>>): string[] =>
  known.filter((name) => name in figures);

const none = new Float64Array();

/** A run's curves while it grows: typed arrays, so that charts draw them without copying. */
export class History {
  length = 0;
  /** When the first step came, in milliseconds since 1970. */
  startedAt = 0;
  /** When the last step came, in the same. */
  pushedAt = 0;
  /** The longest time between two steps, in milliseconds, since it was set to 0. */
  longestHalt = 0;
  private all: Curves = { step: none, total: none, learningRate: none, imagesPerSecond: none };

  push(metrics: StepMetrics): void {
    const now = Date.now();
    if (this.length > 0) this.longestHalt = Math.max(this.longestHalt, now - this.pushedAt);
    this.pushedAt = now;
    if (this.length === 0) {
      this.startedAt = now;
      this.all = curvesOf(columnsOf(metrics), () => new Float64Array(256));
    }
    if (this.length === this.all.step.length) this.grow();
    for (const [name, values] of Object.entries(this.all)) values[this.length] = metrics[name];
    this.length++;
  }

  /** All steps so far, [length]; nothing of a figure that the run does not have. A view: it is out of date after the next push. */
  column(name: string): Float64Array {
    return (this.all[name] ?? none).subarray(0, this.length);
  }

  /** All columns so far, as views. */
  columns(): Curves {
    return curvesOf(columnsOf(this.all), (name) => this.column(name));
  }

  clear(): void {
    this.length = 0;
  }

  /** Takes the first steps of an earlier run's curves, to go on from there. */
  restore(curves: Curves, steps: number, startedAt: number): void {
    this.all = curvesOf(columnsOf(curves), (name) => curves[name].slice(0, Math.max(1, steps)));
    this.length = steps;
    this.startedAt = startedAt;
  }

  private grow(): void {
    const before = this.all;
    this.all = curvesOf(columnsOf(before), (name) => {
      const longer = new Float64Array(this.length * 2);
      longer.set(before[name]);
      return longer;
    });
  }
}

/** Curves of these names, as `make` gives them. */
export const curvesOf = (names: readonly string[], make: (name: string) => Float64Array): Curves =>
  Object.fromEntries(names.map((name) => [name, make(name)]));

export const copyOf = (curves: Curves): Curves => curvesOf(columnsOf(curves), (name) => curves[name].slice());

/** The figures of a step, from 1 on. */
export function metricsAt(curves: Curves, step: number): StepMetrics {
  const at = (name: string) => curves[name][step - 1];
  return {
    ...Object.fromEntries(columnsOf(curves).map((name) => [name, at(name)])),
    step,
    total: at('total'),
    learningRate: at('learningRate'),
    imagesPerSecond: at('imagesPerSecond'),
  };
}
