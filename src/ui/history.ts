import type { StepMetrics } from '../train/events';

const names = ['step', 'total', 'kl', 'mean', 'variance', 'alpha'] as const;
export type Column = (typeof names)[number];

/** The figures of a run's steps, a growing typed array each, so that charts draw them without copying. */
export class History {
  length = 0;
  private columns = allocate(256);

  push(metrics: StepMetrics): void {
    if (this.length === this.columns.step.length) this.grow();
    for (const name of names) this.columns[name][this.length] = metrics[name];
    this.length++;
  }

  /** All steps so far, [length]. A view: it is out of date after the next push. */
  column(name: Column): Float64Array {
    return this.columns[name].subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
  }

  private grow(): void {
    const larger = allocate(this.length * 2);
    for (const name of names) larger[name].set(this.columns[name]);
    this.columns = larger;
  }
}

function allocate(capacity: number): Record<Column, Float64Array> {
  const column = () => new Float64Array(capacity);
  return {
    step: column(),
    total: column(),
    kl: column(),
    mean: column(),
    variance: column(),
    alpha: column(),
  };
}
