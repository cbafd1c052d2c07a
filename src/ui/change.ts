import type { DataOptions } from '../data/options';
import type { Run } from '../run/schema';

/** Some settings, to be put into a run. */
export interface Change {
  method?: Run['method'];
  loss?: Partial<Run['loss']>;
  train?: Partial<Run['train']>;
  dataOptions?: DataOptions;
}

/** `run` with the settings of `change` in it. */
export const changed = (run: Run, { method, loss, train, dataOptions }: Change): Run => ({
  ...run,
  method: method ?? run.method,
  loss: { ...run.loss, ...loss },
  train: { ...run.train, ...train },
  ...(dataOptions && { dataOptions: { ...run.dataOptions, ...dataOptions } }),
});

/** True where `run` has the settings of `change` already. */
export const has = (run: Run, change: Change): boolean =>
  JSON.stringify(changed(run, change)) === JSON.stringify(run);
