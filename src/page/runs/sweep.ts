import { methodSchema, methods } from '../../distill/methods/methods';
import { parseJson } from '../../files/json';
import { parseRun, type Run } from '../../run/schema';
import { setting } from '../format';

/** A setting that a comparison varies. */
export interface VariedSetting {
  label: string;
  isNumber: boolean;
  /** Good values, as a person types them. */
  suggested: readonly string[];
  now: (run: Run) => string;
  /** The run with another value, which may be none that is allowed. */
  change: (run: Run, value: string) => Run;
}

/** A setting and the values it takes. */
export interface Axis {
  setting: VariedSetting;
  values: readonly string[];
}

/** One run of a comparison. */
export interface PlannedRun {
  run: Run;
  /** Of each axis. */
  values: string[];
  seed: number;
}

export interface Plan {
  runs: PlannedRun[];
  /** Combinations that make no run. */
  leftOut: string[];
  /** Combinations that would train the same as one before them, which they leave to it. */
  same: string[];
  /** Values that are wrong, whatever they are combined with: what and why. */
  problems: string[];
}

type PartOf<Section extends 'loss' | 'train'> = keyof Run[Section];

const number = <Section extends 'loss' | 'train'>(
  label: string,
  section: Section,
  key: PartOf<Section>,
  suggested: readonly number[],
): VariedSetting => ({
  label,
  isNumber: true,
  suggested: suggested.map(setting),
  now: (run) => setting(Number(run[section][key])),
  change: (run, value) => ({ ...run, [section]: { ...run[section], [key]: Number(value) } }),
});

const part = ([key, label]: [key: string, label: string]): VariedSetting => ({
  label: label[0].toUpperCase() + label.slice(1),
  isNumber: false,
  suggested: ['on', 'off'],
  now: (run) => (new Map<string, unknown>(Object.entries(run.loss)).get(key) ? 'on' : 'off'),
  change: (run, value) => ({ ...run, method: 'comkd', loss: { ...run.loss, [key]: value === 'on' } }),
});

const parts = Object.entries(methods.comkd.switches ?? {});

/** The paper's ablation: each of its parts on and off. */
export const ablation: readonly Axis[] = parts
  .map(part)
  .map((one) => ({ setting: one, values: one.suggested }));

/** The numbers among the options of all methods. */
const options = new Map(
  Object.values(methods).flatMap(({ sliders }) => sliders.map((one) => [one.label, one])),
);

export const sweepable: readonly VariedSetting[] = [
  number('Learning rate', 'train', 'learningRate', [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3]),
  number('Batch size', 'train', 'batchSize', [4, 8, 16, 32, 64]),
  ...[...options.values()].map(({ label, option, stops }) => number(label, 'loss', option, stops)),
  {
    label: 'Length in steps',
    isNumber: true,
    suggested: ['50', '100', '200', '500', '1000'],
    now: (run) => String(run.train.steps ?? 500),
    change: (run, value) => ({ ...run, train: { ...run.train, steps: Number(value), epochs: undefined } }),
  },
  {
    label: 'Method',
    isNumber: false,
    suggested: Object.keys(methods),
    now: (run) => run.method,
    change: (run, value) => ({ ...run, method: parseJson(methodSchema, value, 'Method') }),
  },
];

/** What is typed as a list: '0.001, 0.002'. */
export const listed = (text: string): string[] => [...new Set(text.split(/[\s,;]+/).filter(Boolean))];

/** Every combination of the axes' values, once with each seed, the first axis changing slowest. */
export function plan(base: Run, axes: readonly Axis[], seeds: readonly string[]): Plan {
  const problems = [...axes, { setting: seedSetting, values: seeds }].flatMap(({ setting: one, values }) =>
    values.length > 0
      ? values.flatMap((value) => problemWith(one, base, value) ?? [])
      : `${one.label}: write at least one value.`,
  );
  const made: Plan = { runs: [], leftOut: [], same: [], problems: [...new Set(problems)] };
  const planned = new Map<string, string>();
  if (made.problems.length > 0) return made;
  for (const values of product(axes.map((axis) => axis.values))) {
    const named = values.map((value, i) => `${axes[i].setting.label} ${value}`).join(', ');
    for (const seed of seeds) {
      try {
        const changed = axes.reduce<Run>((run, axis, i) => axis.setting.change(run, values[i]), base);
        const run = seedSetting.change(changed, seed);
        parseRun(run, named);
        const before = planned.get(whatTrains(run));
        if (before === undefined) {
          planned.set(whatTrains(run), named);
          made.runs.push({ run, values, seed: run.train.seed });
        } else made.same.push(`${named} is the same as ${before}`);
      } catch (error) {
        made.leftOut.push(error instanceof Error ? error.message : String(error));
      }
    }
  }
  return { ...made, leftOut: [...new Set(made.leftOut)], same: [...new Set(made.same)] };
}

/** What of a run makes a difference, as a text: equal ones train the same. */
function whatTrains(run: Run): string {
  const { idle, sliders } = methods[run.method];
  const unused = sliders.filter(({ isUsed }) => isUsed?.(run.loss) === false).map(({ option }) => option);
  const without: readonly string[] =
    run.heads === undefined ? [...unused, ...(idle?.(run.loss) ?? [])] : unused;
  return JSON.stringify(run, (key, value: unknown) => (without.includes(key) ? undefined : value));
}

const seedSetting = number('Seeds', 'train', 'seed', [0, 1, 2]);

/** What is wrong with a value by itself, whatever it is combined with. */
function problemWith(varied: VariedSetting, base: Run, value: string): string | undefined {
  if (varied.isNumber && Number.isNaN(Number(value)))
    return `${varied.label}: “${value}” is no number; write numbers with commas between them.`;
  const allOn = { ...base, loss: { ...base.loss, ...Object.fromEntries(parts.map(([key]) => [key, true])) } };
  try {
    parseRun(varied.change(allOn, value), `${varied.label} ${value}`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

function product(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>(
    (rows, list) => rows.flatMap((row) => list.map((value) => [...row, value])),
    [[]],
  );
}
