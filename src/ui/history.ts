import type { StepMetrics } from '../train/events';

export const columnNames = [
  'step',
  'total',
  'kl',
  'mean',
  'variance',
  'alpha',
  'learningRate',
  'imagesPerSecond',
] as const;
export type Column = (typeof columnNames)[number];

/** The figures of a run's steps, an entry a step. */
export type Curves = Record<Column, Float64Array>;

/** A run's curves while it grows: typed arrays, so that charts draw them without copying. */
export class History {
  length = 0;
  /** When the first step came, in milliseconds since 1970. */
  startedAt = 0;
  private all = curvesOf(() => new Float64Array(256));

  push(metrics: StepMetrics): void {
    if (this.length === 0) this.startedAt = Date.now();
    if (this.length === this.all.step.length) this.grow();
    for (const name of columnNames) this.all[name][this.length] = metrics[name];
    this.length++;
  }

  /** All steps so far, [length]. A view: it is out of date after the next push. */
  column(name: Column): Float64Array {
    return this.all[name].subarray(0, this.length);
  }

  /** All columns so far, as views. */
  columns(): Curves {
    return curvesOf((name) => this.column(name));
  }

  clear(): void {
    this.length = 0;
  }

  /** Takes the first steps of an earlier run's curves, to go on from there. */
  restore(curves: Curves, steps: number, startedAt: number): void {
    this.all = curvesOf((name) => curves[name].slice(0, Math.max(1, steps)));
    this.length = steps;
    this.startedAt = startedAt;
  }

  private grow(): void {
    const before = this.all;
    this.all = curvesOf(() => new Float64Array(this.length * 2));
    for (const name of columnNames) this.all[name].set(before[name]);
  }
}

/** Curves whose columns `make` gives. */
export function curvesOf(make: (name: Column) => Float64Array): Curves {
  return {
    step: make('step'),
    total: make('total'),
    kl: make('kl'),
    mean: make('mean'),
    variance: make('variance'),
    alpha: make('alpha'),
    learningRate: make('learningRate'),
    imagesPerSecond: make('imagesPerSecond'),
  };
}

export const copyOf = (curves: Curves): Curves => curvesOf((name) => curves[name].slice());
