import { estimate } from '../../src/run/statistics';
import { table } from '../study/tables';
import { hoursOf, processors } from './cost';
import { type Compared, compared } from './plan';
import { type ResearchSet, researchSets } from './sets';

/** Base-to-new accuracies (0..1) of one run. */
export interface Result {
  set: string;
  method: Compared;
  seed: number;
  base: number;
  new: number;
  harmonicMean: number;
}

const titles: Record<Compared, string> = { comkd: 'ComKD', promptkd: 'PromptKD' };

/** Of ComKD-CLIP's paper (arXiv 2408.04145): what of its table is known here. */
const published: Readonly<Record<string, string>> = { SUN397: 'base 84.19, H 82.93' };

/** The paper's table as it came out, in Markdown. */
export function resultTable(results: readonly Result[]): string {
  const rows = researchSets.flatMap(({ name }) =>
    compared.flatMap((method) => {
      const own = results.filter((result) => result.set === name && result.method === method);
      if (own.length === 0) return [];
      const [base, fresh, mean] = (['base', 'new', 'harmonicMean'] as const).map((key) =>
        percent(own.map((result) => result[key])),
      );
      const paper = method === 'comkd' ? (published[name] ?? '') : '';
      return [[`${name}, ${titles[method]}`, base, fresh, mean, String(own.length), paper]];
    }),
  );
  return table(['in %', 'base', 'new', 'H', 'seeds', 'ComKD-CLIP’s paper'], rows);
}

function percent(shares: readonly number[]): string {
  const found = estimate(shares.map((share) => 100 * share));
  if (!found) return '–';
  return found.mean.toFixed(2) + (found.half === undefined ? '' : ` ± ${found.half.toFixed(2)}`);
}

/** The hours that one seed of each set is expected to take. */
export function hoursTable(sets: readonly ResearchSet[]): string {
  const times = (set: ResearchSet) => processors.map(([, perSecond]) => hoursOf(set, perSecond));
  const rows = sets.map((set) => [set.name, ...times(set).map(rounded)]);
  const sums = processors.map((_, i) => sets.reduce((sum, set) => sum + times(set)[i], 0));
  return table(
    ['hours for one seed', ...processors.map(([name]) => name)],
    [...rows, ['all', ...sums.map(rounded)]],
  );
}

const rounded = (hours: number): string => (hours < 10 ? hours.toPrecision(2) : hours.toFixed(0));
