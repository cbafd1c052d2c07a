/** Commands that wait for one another. */
export class Commands {
  private last: Promise<unknown> = Promise.resolve();

  /** Does something when all before it is done, whatever became of that. */
  add<T>(work: () => Promise<T>): Promise<T> {
    const done = this.last.then(work);
    this.last = done.catch(() => undefined);
    return done;
  }
}
