/** The speed is an average over as many steps, since figures come in bursts. */
const STEPS = 8;

const SLOW_STEP_MS = 200;

/** How fast steps follow one another, by when their figures come. */
export class Speed {
  /** In milliseconds. */
  private arrivals: number[] = [];

  start(): void {
    this.arrivals = [performance.now()];
  }

  /** A step's figures have come; returns steps a second. */
  arrived(): number {
    this.arrivals = [...this.arrivals.slice(-STEPS), performance.now()];
    const seconds = ((this.arrivals.at(-1) ?? 0) - this.arrivals[0]) / 1000;
    return (this.arrivals.length - 1) / seconds;
  }

  /** Slow steps are sent one by one: a queue would gain nothing, and go on after a pause for all to see. */
  get isSlow(): boolean {
    const [before = 0, last = 0] = this.arrivals.slice(-2);
    return last - before > SLOW_STEP_MS;
  }

  /** As if these milliseconds had not passed: the speed is that of training. */
  leaveOut(ms: number): void {
    this.arrivals = this.arrivals.map((arrival) => arrival + ms);
  }
}
