import type { Snapshot } from './experiment';

interface Trainable {
  snapshot(): Promise<Snapshot>;
  restore(snapshot: Snapshot): Promise<void>;
}

/** Puts an earlier moment of a run in the place of the present one, and brings that back. */
export class LookBack {
  /** While an earlier moment is looked at. */
  private present?: Snapshot;

  get isUnderWay(): boolean {
    return this.present !== undefined;
  }

  async to(moment: Snapshot, run: Trainable): Promise<void> {
    this.present ??= await run.snapshot();
    await run.restore(moment);
  }

  /** Does nothing where the present is what is there. */
  async end(run?: Trainable): Promise<void> {
    if (this.present) await run?.restore(this.present);
    this.present = undefined;
  }

  /** The run as it is, whatever is looked at. */
  async presentOf(run: Trainable): Promise<Snapshot> {
    return this.present ?? run.snapshot();
  }
}
