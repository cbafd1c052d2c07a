/** Storing takes at most this share of the time: before it, 19 times as long was trained. */
const SHARE = 1 / 20;
/** Until it was measured, storing is taken to be as slow as on two processors that have little else to do. */
const GUESS_MS = 200;
const GUESS_BYTES_PER_MS = 25_000;

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
    if (bytes !== this.bytes) this.cost = GUESS_MS + bytes / GUESS_BYTES_PER_MS;
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
   * What storing takes of the training counts; while that rests, nothing does.
   *
   * @param store resolves to whether there was something to store
   */
  async measure(store: () => Promise<boolean>): Promise<void> {
    const start = performance.now();
    const before = this.training();
    if (await store()) this.cost = performance.now() - start;
    this.last = this.training();
    this.spent += this.last - before;
  }

  private training(): number {
    const { trained, runningSince } = this;
    return trained + (runningSince === undefined ? 0 : performance.now() - runningSince);
  }
}
