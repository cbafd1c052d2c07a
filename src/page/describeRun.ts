import { methods } from '../distill/methods/methods';
import { type Run, trainedParameters } from '../run/schema';
import { count, setting } from './format';

/** A run in a few words: its method, then where it differs from `base`. 'ComKD', 'without IFAlign, batch 64'. */
export const describeRun = (run: Run, base: Run): string =>
  [methodOf(run), ...differences(run, base)].join(', ');

function methodOf(run: Run): string {
  const off = partsOff(run);
  return off.length > 0 ? `without ${off.join(' and ')}` : methods[run.method].name;
}

/** A run among `all`, itself with them, in the words that tell it from others: what most have in common is left out. */
export function describeAmong(run: Run, all: readonly Run[]): string {
  const differing = all.flatMap((other) => differences(run, other));
  const words = [...new Set(differing)].filter(
    (word) => 2 * differing.filter((one) => one === word).length >= all.length,
  );
  const isOfOne = all.every((other) => methodOf(other) === methodOf(run));
  return [...(isOfOne && words.length > 0 ? [] : [methodOf(run)]), ...words].join(', ');
}

function partsOff({ method, loss }: Run): string[] {
  const options = new Map<string, unknown>(Object.entries(loss));
  return Object.entries(methods[method].switches ?? {}).flatMap(([option, part]) =>
    options.get(option) ? [] : part,
  );
}

function differences(run: Run, base: Run): string[] {
  const words: [unknown, unknown, string][] = [
    ...methods[run.method].sliders.map(({ option, short }): [unknown, unknown, string] => [
      run.loss[option],
      base.loss[option],
      `${short} ${setting(Number(run.loss[option]))}`,
    ]),
    [run.train.learningRate, base.train.learningRate, `rate ${setting(run.train.learningRate)}`],
    [JSON.stringify(run.train.log), JSON.stringify(base.train.log), 'rate set while it ran'],
    [run.train.batchSize, base.train.batchSize, `batch ${run.train.batchSize}`],
    [run.train.steps, base.train.steps, run.train.steps === 1 ? '1 step' : `${run.train.steps} steps`],
    [trainedParameters(run), trainedParameters(base), `trains ${trainedParameters(run)}`],
    [run.train.optimizer, base.train.optimizer, run.train.optimizer === 'sgd' ? 'SGD' : 'AdamW'],
    [run.train.schedule, base.train.schedule, `${run.train.schedule} rate`],
    [run.train.warmupSteps, base.train.warmupSteps, `warm-up ${run.train.warmupSteps}`],
    [JSON.stringify(run.student), JSON.stringify(base.student), 'other student'],
    [run.train.seed, base.train.seed, `seed ${run.train.seed}`],
  ];
  return words.filter(([mine, theirs]) => mine !== theirs).map(([, , word]) => word);
}

/** Words about options, by their paths, from what every method says of its own. */
function ofOptions(
  say: (method: (typeof methods)[Run['method']]) => [string, string][],
): Record<string, string> {
  const said = Object.values(methods).flatMap(say);
  return Object.fromEntries(said.map(([option, words]) => [`loss.${option}`, words]));
}

const inSentence = (label: string): string => label[0].toLowerCase() + label.slice(1);

/** What settings are called, by their paths in a run file. */
const settingNames: Record<string, string> = {
  teacher: 'teacher',
  student: 'student',
  data: 'data',
  heads: 'starting heads',
  prompts: 'starting prompts',
  ...ofOptions(({ sliders }) => sliders.map(({ option, label }) => [option, inSentence(label)])),
  'loss.reduction': 'reduction of IFAlign',
  'loss.maxTexts': 'texts a batch',
  'train.parameters': 'trained parameters',
  'train.optimizer': 'optimiser',
  'train.learningRate': 'learning rate',
  'train.log': 'learning rates set while it ran',
  'train.weightDecay': 'weight decay',
  'train.momentum': 'momentum',
  'train.maxGradientNorm': 'largest gradient norm',
  'train.batchSize': 'batch size',
  'train.accumulate': 'parts of a batch',
  'train.epochs': 'epochs',
  'train.schedule': 'schedule',
  'train.warmupSteps': 'warm-up steps',
  'train.shuffle': 'shuffling',
  'train.augment': 'augmentation',
  'train.seed': 'seed',
};

const switches = ofOptions((method) => Object.entries(method.switches ?? {}));

/** What `run` has otherwise than `base`: 'without IFAlign; learning rate 0.001 instead of 0.0015'. Empty where nothing. */
export function differenceInWords(run: Run, base: Run): string {
  return changes(run, base)
    .map(([path, mine, theirs]) => inWords(path, mine, theirs))
    .join('; ');
}

/** What an edit changed: 'learning rate 0.001 → 0.01', 'IFAlign off'. Of many changes their number. */
export function editInWords(before: Run, after: Run): string {
  const all = changes(after, before);
  if (all.length > 2) return `${all.length} settings`;
  return all.map(([path, now, then]) => editOf(path, now, then)).join(', ');
}

function editOf(path: string, now: unknown, then: unknown): string {
  if (switches[path]) return `${switches[path]} ${now ? 'on' : 'off'}`;
  if (path === 'student') return 'another student';
  const name = path === 'train.steps' ? 'length in steps' : (settingNames[path] ?? path);
  return `${name} ${shown(path, then)} → ${shown(path, now)}`;
}

/** The paths at which two runs differ, with what `run` and `base` have there. */
function changes(run: Run, base: Run): [path: string, mine: unknown, theirs: unknown][] {
  const [mine, theirs] = [leaves(run), leaves(base)];
  const paths = [...new Set([...mine.keys(), ...theirs.keys()])];
  return paths
    .map((path): [string, unknown, unknown] => [path, mine.get(path), theirs.get(path)])
    .filter(([, a, b]) => JSON.stringify(a) !== JSON.stringify(b));
}

function inWords(path: string, mine: unknown, theirs: unknown): string {
  if (switches[path]) return `${mine ? 'with' : 'without'} ${switches[path]}`;
  if (path === 'train.steps')
    return `${shown(path, mine)} steps${theirs === undefined ? '' : ` instead of ${shown(path, theirs)}`}`;
  if (path === 'method') return `${shown(path, mine)} instead of ${shown(path, theirs)}`;
  if (path === 'dataOptions') return 'data read otherwise';
  if (path === 'student' && (typeof mine === 'object' || typeof theirs === 'object'))
    return 'another student';
  return `${settingNames[path] ?? path} ${shown(path, mine)} instead of ${shown(path, theirs)}`;
}

function shown(path: string, value: unknown): string {
  if (path === 'train.log' && Array.isArray(value)) return String(value.length);
  if (typeof value === 'number') return value >= 1000 ? count(value) : setting(value);
  if (value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'on' : 'off';
  return path === 'method' ? methodName(value) : String(value);
}

const methodName = (value: unknown): string =>
  Object.entries(methods).find(([method]) => method === value)?.[1].name ?? String(value);

/** A run's settings by their paths; a student and data options each as one. */
function leaves(run: Run): Map<string, unknown> {
  const { loss, train, ...others } = run;
  return new Map<string, unknown>([
    ...Object.entries(others),
    ...Object.entries(loss).map(([key, value]) => [`loss.${key}`, value] as const),
    ...Object.entries(train).map(([key, value]) => [`train.${key}`, value] as const),
    ['train.parameters', trainedParameters(run)],
  ]);
}
