import { type Estimate, estimate, isTold } from '../../src/run/statistics';
import type { Line } from './lines';
import { type Part, parts } from './plan';
import { plotOf } from './plots';
import { table } from './tables';
import { trialsTable } from './tuning';
import { ABLATION, END, INTRODUCTION, PART_WORDS, TRIALS } from './words';

/** A share (0..1) of a result. */
type Figure = 'student' | 'teacher' | 'agreement' | 'base' | 'new' | 'harmonicMean';

const STAGE_ONE = 'stage-one';

/** The files of `docs/study` that tell what was found, by their names. */
export function reportOf(lines: readonly Line[], validation: string[]): Map<string, string> {
  const isMade = (part: string) => lines.some((line) => line.part === part && line.row in parts[part].rows);
  const made = Object.entries(parts).filter(([part]) => part !== STAGE_ONE && isMade(part));
  const sections = made.map(([name, part]) => sectionOf(name, part, lines));
  if (isMade('few-labels')) sections.push(ablationOf(lines));
  if (isMade('few-labels') && isMade(STAGE_ONE)) sections.push(stageOneOf(lines));
  sections.push(...trialsSection(validation, lines));
  const plots = made.map(([name, part]): [string, string] => [`${name}.svg`, plotOfPart(name, part, lines)]);
  return new Map([
    ['README.md', `${[INTRODUCTION, ...sections, ...notRun(isMade), END].join('\n\n')}\n`],
    ...plots,
  ]);
}

function trialsSection(validation: string[], lines: readonly Line[]): string[] {
  const tuning = new Set(Object.values(parts).map(({ tunedBy }) => tunedBy));
  const tables = [...tuning].flatMap((part) => trialsTable(part, validation, lines) ?? []);
  return tables.length > 0 ? [TRIALS, ...tables] : [];
}

function notRun(isMade: (part: string) => boolean): string[] {
  const missing = Object.entries(parts).filter(([part]) => !isMade(part));
  const named = missing.map(([part, { title }]) => `*${title}* (\`--only ${part}\`)`);
  return missing.length > 0 ? [`## Not run yet\n\n${named.join(', ')}.`] : [];
}

const figureOf = ({ learnt }: Part): Figure => (learnt === undefined ? 'student' : 'harmonicMean');

type Column = readonly [title: string, of: (result: Line['result']) => number | undefined];

function columnsOf({ learnt, pretrainedOn }: Part): Column[] {
  if (learnt !== undefined)
    return [
      ['base', (result) => result.base],
      ['new', (result) => result.new],
      ['H', (result) => result.harmonicMean],
    ];
  if (pretrainedOn !== undefined)
    return [
      ['accuracy', (result) => result.student],
      ['other concepts before', ({ elsewhere }) => elsewhere?.before],
      ['after', ({ elsewhere }) => elsewhere?.after],
      ['forgotten', ({ elsewhere }) => elsewhere && elsewhere.before - elsewhere.after],
    ];
  return [
    ['accuracy', (result) => result.student],
    ['H', (result) => result.harmonicMean],
    ['teacher’s answer', (result) => result.agreement],
  ];
}

function sectionOf(name: string, part: Part, lines: readonly Line[]): string {
  const of = lines.filter((line) => line.part === name);
  const figure = figureOf(part);
  const columns = columnsOf(part);
  const styles = Object.keys(of[0].result.styles);
  const heads = ['in %', ...columns.map(([title]) => title), 'ComKD ahead by', ...styles, 'seeds'];
  const rows = rowsOf(name, part, lines).map(([row, title]) => {
    const own = ofRow(of, row);
    const ahead = differences(bySeed(ofRow(of, 'comkd'), figure), bySeed(own, figure));
    return [
      title,
      ...columns.map(([, figureOf]) =>
        percent(estimate(own.flatMap(({ result }) => figureOf(result) ?? []))),
      ),
      row === 'comkd' ? '' : points(estimate(ahead)),
      ...styles.map((style) => percent(estimate(own.map(({ result }) => result.styles[style])))),
      String(own.length),
    ];
  });
  const teacher = mean(of.map(({ result }) => teacherOf(result, figure)));
  return [
    `## ${part.title}`,
    PART_WORDS[name],
    `![${part.title}: accuracies of all rows with their intervals](${name}.svg)`,
    table(heads, rows),
    `The teacher has ${(100 * teacher).toFixed(1)} %${figure === 'harmonicMean' ? ' as H' : ''}. ${styles.join(' and ')} are the unseen artists.`,
  ].join('\n\n');
}

const teacherOf = (result: Line['result'], figure: Figure): number =>
  figure === 'harmonicMean' ? result.teacherHarmonicMean : result.teacher;

/** A row for each combination of IFAlign, EduAttention and refinement, by the run that it is; and what each part adds. */
function ablationOf(lines: readonly Line[]): string {
  const of = lines.filter((line) => line.part === 'few-labels');
  const shares = (row: string) => bySeed(ofRow(of, row), 'student');
  const [on, off] = ['✓', '–'];
  const combinations: [
    ifAlign: string,
    eduAttention: string,
    refinement: string,
    row: string,
    note: string,
  ][] = [
    [on, on, on, 'comkd', 'ComKD'],
    [on, off, on, 'comkd-without-eduattention', ''],
    [off, on, on, 'comkd-without-ifalign', ''],
    [off, off, on, 'promptkd', 'PromptKD'],
    [on, on, off, 'comkd-ifalign-alone', 'the run below: EduAttention learns from the refinement alone'],
    [on, off, off, 'comkd-ifalign-alone', ''],
    [off, on, off, '', 'nothing to learn from'],
    [off, off, off, 'none-labelled', 'the student alone, on the labelled pictures'],
  ];
  const rows = combinations.map(([ifAlign, edu, refinement, row, note]) => [
    ...[ifAlign, edu, refinement],
    row ? percent(estimate([...shares(row).values()])) : '',
    note,
  ]);
  const switches: [what: string, withIt: string, without: string][] = [
    ['EduAttention, beside IFAlign and refinement', 'comkd', 'comkd-without-eduattention'],
    ['EduAttention, beside refinement', 'comkd-without-ifalign', 'promptkd'],
    ['IFAlign, beside EduAttention and refinement', 'comkd', 'comkd-without-ifalign'],
    ['IFAlign, beside refinement', 'comkd-without-eduattention', 'promptkd'],
    ['Refinement, beside IFAlign', 'comkd-without-eduattention', 'comkd-ifalign-alone'],
    ['All three, over the student alone on the labelled pictures', 'comkd', 'none-labelled'],
  ];
  const found = switches.map(([what, one, other]) => [
    what,
    inWords(differences(shares(one), shares(other))),
  ]);
  const alphas = of.flatMap(({ row, result }) => (row === 'comkd' ? (result.alpha ?? []) : []));
  return [
    ABLATION,
    table(['IFAlign', 'EduAttention', 'refinement', 'accuracy, %', ''], rows),
    table(['what is switched on', 'points that it adds'], found),
    `EduAttention’s α, which begins at 0, ends at ${mean(alphas).toFixed(3)} on average.`,
  ].join('\n\n');
}

/** What Stage I makes of the teacher, and of the student that learns from it. */
function stageOneOf(lines: readonly Line[]): string {
  const before = lines.filter(({ part, row }) => part === 'few-labels' && row === 'comkd');
  const after = lines.filter(({ part }) => part === STAGE_ONE);
  const rowOf = (title: string, figure: 'teacher' | 'student') => {
    const [one, other] = [before, after].map((of) => bySeed(of, figure));
    const both = [one, other].map((of) => percent(estimate([...of.values()])));
    return [title, ...both, inWords(differences(other, one))];
  };
  return [
    `## ${parts[STAGE_ONE].title}`,
    PART_WORDS[STAGE_ONE],
    table(
      ['in %', 'as it is', 'after Stage I', 'gain'],
      [rowOf('the teacher', 'teacher'), rowOf('ComKD’s student', 'student')],
    ),
  ].join('\n\n');
}

function plotOfPart(name: string, part: Part, lines: readonly Line[]): string {
  const of = lines.filter((line) => line.part === name);
  const figure = figureOf(part);
  const rows = rowsOf(name, part, lines).map(([row, title]) => {
    const values = [...bySeed(ofRow(of, row), figure).values()];
    return { title, values };
  });
  const share = mean(of.map(({ result }) => teacherOf(result, figure)));
  const label = figure === 'student' ? 'Accuracy on unseen artists, %' : 'H of base and new classes, %';
  return plotOf(label, rows, { name: 'the teacher', share });
}

/** A part's rows that have runs, with their titles. */
const rowsOf = (name: string, { rows }: Part, lines: readonly Line[]): [row: string, title: string][] =>
  Object.entries(rows)
    .filter(([row]) => lines.some((line) => line.part === name && line.row === row))
    .map(([row, { title }]) => [row, title]);

const ofRow = (lines: readonly Line[], row: string): Line[] => lines.filter((line) => line.row === row);

const bySeed = (lines: readonly Line[], figure: Figure): Map<number, number> =>
  new Map(lines.map(({ seed, result }) => [seed, result[figure]]));

/** What the first is ahead of the second by, of each seed that both have. */
const differences = (one: ReadonlyMap<number, number>, other: ReadonlyMap<number, number>): number[] =>
  [...one].flatMap(([seed, a]) => {
    const b = other.get(seed);
    return b === undefined ? [] : a - b;
  });

const percent = (of: Estimate | undefined): string => {
  if (!of) return '–';
  const { mean, half } = of;
  return `${(100 * mean).toFixed(1)}${half === undefined ? '' : ` ± ${(100 * half).toFixed(1)}`}`;
};

const points = (difference: Estimate | undefined): string =>
  `${(difference?.mean ?? 0) > 0 ? '+' : ''}${percent(difference)}`.replace('-', '−');

function inWords(of: readonly number[]): string {
  const difference = estimate(of);
  const verdict = difference && isTold(difference) ? 'more than chance' : 'may be chance';
  return `${points(difference)} over ${of.length} seeds: ${verdict}`;
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;
