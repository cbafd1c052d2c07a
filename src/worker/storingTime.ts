/** Storing takes at most this share of the time: before it, 19 times as long was trained. */
const SHARE = 1 / 20;
/** Until it was measured, storing is taken to be as slow as on two processors that have little else to do. */
const GUESS_MS = 200;
const GUESS_BYTES_PER_MS = 25_000;

/** What storing so many bytes is taken to take before it was measured. */
export const foreseen = (bytes: number): number => GUESS_MS + bytes / GUESS_BYTES_PER_MS;

/** Says when a run may be stored beside its training, all that was spent on it before counted in. Times are in milliseconds. */
export class StoringTime {
  private bytes = Number.NaN;
  /** What storing will take. */
  private cost = 0;
  /** What it has taken of the training so far. */
  private spent = 0;
  /** Of training, before it rested last. */
  private trained = 0;
  private runningSince?: number;
  /** After so much training it was stored last. */
  private last = 0;

  /** @param every more often it is not stored, however fast that is */
  constructor(private readonly every: number) {}

  /** Another run, which takes about so many bytes. What was measured of the one before goes for one of the same size. */
  begin(bytes: number): void {
    if (bytes !== this.bytes) this.cost = foreseen(bytes);
    this.bytes = bytes;
    this.spent = this.trained = this.last = 0;
    this.rest();
  }

  run(): void {
    this.runningSince ??= performance.now();
  }

  rest(): void {
    this.trained = this.training();
    this.runningSince = undefined;
  }

  isDue(): boolean {
    const before = this.cost / SHARE - this.cost;
    // In all, as much again is held ready: on a busy machine storing takes twice as long as before.
    const affordable = Math.max(this.last + before, this.spent / SHARE + 2 * before);
    return this.training() >= Math.max(affordable, this.last + this.every);
  }

  /**
   * What storing takes of the training counts; while that rests, nothing does. What it took last is in the browser's
   * timeline of the worker, too, as the measure "storing".
   *
   * @param store resolves to when the steps stood still for it, in milliseconds of `performance.now()`; undefined where
   * there was nothing to store
   */
  async measure(store: () => Promise<number | undefined>): Promise<void> {
    const before = this.training();
    const start = await store();
    this.last = this.training();
    if (start === undefined) return;
    const end = performance.now();
    this.cost = end - start;
    // The step that was under way when it was asked for is training.
    this.spent += Math.min(this.last - before, this.cost);
    performance.clearMeasures('storing');
    performance.measure('storing', { start, end });
  }

  private training(): number {
    const { trained, runningSince } = this;
    return trained + (runningSince === undefined ? 0 : performance.now() - runningSince);
  }
}
