import type { EngineName } from './engines/engine';
import type { BenchResult } from './result';
import { STEP_SHAPES } from './shapes';

/** A number of a card. */
export interface Figure {
  name: string;
  /** Undefined where it was not measured. */
  value: number | undefined;
  unit: string;
  better: 'less' | 'more';
}

/** All cards tell of this step, so that they can be compared. */
const [{ name: SHAPE }] = STEP_SHAPES;

/** What a card says, the same lines for every result. */
export function figuresOf({ step, inference, gemm, overhead, kernels }: BenchResult): Figure[] {
  const milliseconds = (seconds: number | undefined) => seconds && 1000 * seconds;
  const stepOn = (engine: EngineName) =>
    milliseconds(step.find((row) => row.engine === engine && row.shape === SHAPE)?.seconds);
  const rateOn = (engine: EngineName, what: string) =>
    inference.find((row) => row.engine === engine && row.tower === `${SHAPE} ${what}`)?.perSecond;
  const flops = gemm.find((row) => row.shape === SHAPE)?.flops;
  const timed = kernels.filter((row) => row.shape === SHAPE);
  const kernelSeconds = timed.reduce((sum, { seconds }) => sum + seconds, 0);
  const less = { unit: 'ms', better: 'less' } as const;
  const more = { unit: '', better: 'more' } as const;
  return [
    { name: 'Training step, WebGPU', value: stepOn('ours-webgpu'), ...less },
    { name: 'Its kernels, each alone', value: milliseconds(kernelSeconds || undefined), ...less },
    { name: 'Training step, WebAssembly', value: stepOn('ours-wasm'), ...less },
    { name: 'Images a second, WebGPU', value: rateOn('ours-webgpu', 'images'), ...more },
    { name: 'Images a second, WebAssembly', value: rateOn('ours-wasm', 'images'), ...more },
    { name: 'Texts a second, WebGPU', value: rateOn('ours-webgpu', 'texts'), ...more },
    { name: 'Texts a second, WebAssembly', value: rateOn('ours-wasm', 'texts'), ...more },
    { name: 'Fastest matrix product', value: flops && flops / 1e9, unit: 'GFLOP/s', better: 'more' },
    { name: 'Tiny dispatches a second', value: overhead?.dispatchesPerSecond, ...more },
    { name: 'Reading a number back', value: milliseconds(overhead?.readbackSeconds), ...less },
  ];
}

const number = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 });
const times = new Intl.NumberFormat('en', { maximumSignificantDigits: 2 });

export const timesText = (value: number): string => times.format(value);

export function figureText({ value, unit }: Figure): string {
  return value === undefined ? '–' : `${number.format(value)} ${unit}`.trim();
}

/** How many times as good a figure is as another of its name; undefined where one is missing. */
export function advantage(figure: Figure, over: Figure): number | undefined {
  if (!figure.value || !over.value) return undefined;
  return figure.better === 'less' ? over.value / figure.value : figure.value / over.value;
}

/** Where and when a result was measured. */
export function circumstances({ isSoftware, platform, date, rounds }: BenchResult): string {
  const adapter = isSoftware && 'a software adapter';
  const medians = rounds === 1 ? 'one round' : `medians of ${rounds} rounds`;
  return [adapter, platform, date, medians].filter(Boolean).join(' · ');
}
