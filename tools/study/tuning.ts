import type { MethodName } from '../../src/distill/methods/methods';
import type { Line } from './lines';
import { keyOf, learningRates, parts, trialsOf } from './plan';
import { table } from './tables';

interface Trial {
  method: MethodName;
  learningRate: number;
  /** Share of the validation concepts' held-out pictures that the student names rightly. */
  accuracy: number;
}

/** What a part's trials came to, of those that were made. */
function trialResults(part: string, validation: string[], lines: readonly Line[]): Trial[] {
  const results = new Map(lines.map(({ key, result }) => [key, result.student]));
  return trialsOf(part, validation).flatMap((trial) => {
    const accuracy = results.get(keyOf(trial));
    const { method, train } = trial.run as { method: MethodName; train: { learningRate: number } };
    return accuracy === undefined ? [] : { method, learningRate: train.learningRate, accuracy };
  });
}

/** The learning rate of each method at which its student was best in a part's trials; of equal ones the lowest. */
export function chosenRates(
  part: string,
  validation: string[],
  lines: readonly Line[],
): Map<MethodName, number> {
  const best = new Map<MethodName, Trial>();
  for (const trial of trialResults(part, validation, lines))
    if (trial.accuracy > (best.get(trial.method)?.accuracy ?? -1)) best.set(trial.method, trial);
  return new Map([...best].map(([method, { learningRate }]) => [method, learningRate]));
}

/** A table of a part's trials, the chosen ones in bold; undefined where there were none. */
export function trialsTable(part: string, validation: string[], lines: readonly Line[]): string | undefined {
  const results = trialResults(part, validation, lines);
  const chosen = chosenRates(part, validation, lines);
  if (chosen.size === 0) return undefined;
  const rows = [...chosen].map(([method, best]) => [
    parts[part].rows[method].title,
    ...learningRates.map((rate) => {
      const trial = results.find((one) => one.method === method && one.learningRate === rate);
      const text = trial ? (100 * trial.accuracy).toFixed(1) : '–';
      return rate === best ? `**${text}**` : text;
    }),
  ]);
  return table([parts[part].title, ...learningRates.map(String)], rows);
}
