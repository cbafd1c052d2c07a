/** The speed is an average over as many steps, since figures come in bursts. */
const STEPS = 8;

const SLOW_STEP_MS = 200;

/** Evaluations take at most a ninth of the time, and come at most once a second. */
const TRAINING_PER_EVALUATION = 8;
const EVALUATION_PAUSE_MS = 1000;

/** How fast steps follow one another, by when their figures come, and how often evaluations may come between. */
export class Pace {
  /** In milliseconds. */
  private arrivals: number[] = [];
  private nextEvaluationAt = 0;

  start(): void {
    this.arrivals = [performance.now()];
  }

  /** A step's figures have come; returns steps a second. */
  arrived(): number {
    this.arrivals = [...this.arrivals.slice(-STEPS), performance.now()];
    return 1000 / this.stepMs;
  }

  /** In the mean; as long as nothing has come, a step may take for ever. */
  private get stepMs(): number {
    const steps = this.arrivals.length - 1;
    return steps > 0 ? (this.arrivals[steps] - this.arrivals[0]) / steps : Number.POSITIVE_INFINITY;
  }

  /**
   * Slow steps are sent one by one: a queue would gain nothing, and go on after a pause for all to see. By the mean, since
   * of figures that come in a burst, as those of a queue may, all but the first seem to take no time.
   */
  get isSlow(): boolean {
    return this.stepMs > SLOW_STEP_MS;
  }

  /** Another evaluation would not hold training up for too much of the time. */
  get mayEvaluate(): boolean {
    return performance.now() > this.nextEvaluationAt;
  }

  /** An evaluation took from `start` to `end`; as if that time had not passed, the speed stays that of training. */
  evaluated(start: number, end: number): void {
    const ms = end - start;
    this.nextEvaluationAt = end + Math.max(EVALUATION_PAUSE_MS, TRAINING_PER_EVALUATION * ms);
    this.arrivals = this.arrivals.map((arrival) => arrival + ms);
  }
}
