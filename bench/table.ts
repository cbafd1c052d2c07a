import type { BenchResult, GemmRoof, KernelTime, Overhead, StepResult } from './result';

/** Kernels with less of a step's time are put together. */
const LEAST_SHARE = 0.005;

/** A result's rows, the first its head; the first column holds words, the others numbers. */
export interface Table {
  title: string;
  rows: string[][];
}

/** A result as tables, for terminal and page alike. */
export function resultTables(result: BenchResult): Table[] {
  const { step, gemm, inference, overhead, kernels, leftOut, ratios } = result;
  const shapes = [...new Set(step.map(({ shape }) => shape))];
  const tables = shapes.map((shape) =>
    stepTable(
      shape,
      step.filter((row) => row.shape === shape),
    ),
  );
  for (const shape of new Set(kernels.map((kernel) => kernel.shape)))
    tables.push(
      kernelTable(
        shape,
        kernels.filter((row) => row.shape === shape),
      ),
    );
  tables.push(...gemm.map(gemmTable));
  if (inference.length > 0)
    tables.push({
      title: 'Inference',
      rows: [
        ['tower', 'engine', 'a second', 'range'],
        ...inference.map(({ tower, engine, perSecond, perSecondRange }) => [
          tower,
          engine,
          perSecond.toPrecision(3),
          range(perSecondRange),
        ]),
      ],
    });
  if (overhead) tables.push(overheadTable(overhead));
  if (leftOut.length > 0)
    tables.push({
      title: 'Did not run',
      rows: [
        ['engine', 'at', 'because'],
        ...leftOut.map(({ engine, measured, reason }) => [engine, measured, reason]),
      ],
    });
  const known = Object.entries(ratios).flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));
  if (known.length > 0)
    tables.push({
      title: `Ratios of ${shapes[0]}: the rival's seconds over ours`,
      rows: [known.map(({ name }) => name), known.map(({ value }) => value.toFixed(2))],
    });
  return tables;
}

/** The same as lines of text. */
export function resultText(result: BenchResult): string {
  const tables = resultTables(result).map(({ title, rows }) => `${title}\n${columns(rows)}`);
  return [`On ${result.adapter}; medians of ${result.rounds} rounds.`, ...tables].join('\n\n');
}

function stepTable(shape: string, results: StepResult[]): Table {
  const head = ['engine', 's/step', 'range', 'issue ms', 'dispatches', 'submits', 'writes', 'peak MiB'];
  const rows = results.map((result) => [
    result.engine,
    result.seconds.toPrecision(3),
    range(result.secondsRange),
    short(1000 * result.issueSeconds),
    ...[result.dispatches, result.submits, result.writes].map(String),
    (result.peakBytes / 2 ** 20).toFixed(0),
  ]);
  return { title: `A training step of ${shape}`, rows: [head, ...rows] };
}

function gemmTable({ shape, flops, product, products, mixedFlops }: GemmRoof): Table {
  const rows = products.map((entry) => [entry.product, entry.candidate, giga(entry.flops)]);
  return {
    title: `Matrix products of ${shape}: the fastest ${giga(flops)} GFLOP/s (${product}), all together ${giga(mixedFlops)}`,
    rows: [['m × n × k', 'fastest', 'GFLOP/s'], ...rows],
  };
}

function kernelTable(shape: string, kernels: KernelTime[]): Table {
  const total = kernels.reduce((sum, { seconds }) => sum + seconds, 0);
  const isLarge = ({ seconds }: KernelTime) => seconds >= LEAST_SHARE * total;
  const small = kernels.filter((kernel) => !isLarge(kernel));
  const rest = {
    kernel: 'all others',
    dispatches: small.reduce((sum, { dispatches }) => sum + dispatches, 0),
    seconds: small.reduce((sum, { seconds }) => sum + seconds, 0),
  };
  const rows = [...kernels.filter(isLarge), rest].map(({ kernel, dispatches, seconds }) => [
    kernel,
    String(dispatches),
    short(1000 * seconds),
    `${((100 * seconds) / (total || 1)).toFixed(1)} %`,
  ]);
  return {
    title: `Kernels of a step of ${shape}, each timed alone: ${short(1000 * total)} ms`,
    rows: [['kernel', 'dispatches', 'ms', 'share'], ...rows],
  };
}

function overheadTable(overhead: Overhead): Table {
  const { dispatchesPerSecond, dispatchesPerSecondRange, readbackSeconds, readbackSecondsRange } = overhead;
  const [least, most] = readbackSecondsRange;
  return {
    title: 'Doing next to nothing on WebGPU',
    rows: [
      ['what', 'median', 'range'],
      ['tiny dispatches a second', short(dispatchesPerSecond), range(dispatchesPerSecondRange)],
      ['ms to read a number back', short(1000 * readbackSeconds), range([1000 * least, 1000 * most])],
    ],
  };
}

const short = (value: number) => (value < 100 ? value.toPrecision(3) : value.toFixed(0));

const giga = (flops: number) => (flops / 1e9).toPrecision(3);

const range = ([least, most]: [number, number]) => `${short(least)}–${short(most)}`;

/** The first column to the left, the others to the right. */
function columns(rows: string[][]): string {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (row: string[]) =>
    row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]) : cell.padStart(widths[i]))).join('  ');
  return rows.map(line).join('\n');
}
