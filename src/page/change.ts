import type { DataOptions } from '../data/options';
import { parseRun, type Run } from '../run/schema';
import { type DataFacts, type ModelFacts, settleRun } from '../run/settle';

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

/** Why the engine would refuse a run, on this data as far as it is known; undefined where it would not. */
export function problemWith(
  run: Run,
  { data, teacher }: { data?: DataFacts; teacher?: ModelFacts['teacher'] },
): string | undefined {
  try {
    const parsed = parseRun(run, 'Settings');
    if (data) settleRun(parsed, data, teacher && { teacher });
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
