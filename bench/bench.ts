import * as tf from '@tensorflow/tfjs-core';
import { startDevice } from '../src/device/start';
import { webgpuBackend } from '../src/device/webgpu/backend';
import { tuneMatmul } from '../src/ops/webgpu/matmulTuning';
import type { CreateEngine, EngineName } from './engines/engine';
import { createJaxEngine } from './engines/jax';
import { createOurs } from './engines/ours';
import { createTfjsEngine } from './engines/tfjs';
import { GemmRates } from './gemm';
import { webgpuCandidates } from './gemmCandidates';
import { watchGpu } from './gpuWork';
import { measureTower } from './inference/measure';
import { type CreateTower, towerProblems } from './inference/tower';
import { Race } from './measure';
import { measureOverhead } from './overhead';
import { createProblem } from './problem';
import { flopOf, stepProducts } from './products';
import type {
  BenchResult,
  GemmRoof,
  InferenceResult,
  KernelTime,
  LeftOut,
  Overhead,
  Ratios,
  StepResult,
} from './result';
import { STEP_SHAPES, type StepShape } from './shapes';

const ENGINES: Record<Exclude<EngineName, 'torch-cpu'>, CreateEngine> = {
  'ours-webgpu': (problem) => createOurs(problem, 'webgpu'),
  'ours-wasm': (problem) => createOurs(problem, 'wasm'),
  'tfjs-webgpu': (problem) => createTfjsEngine(problem, 'plain-webgpu'),
  'tfjs-wasm': (problem) => createTfjsEngine(problem, 'plain-wasm'),
  'jax-webgpu': (problem) => createJaxEngine(problem, 'webgpu'),
  'jax-wasm': (problem) => createJaxEngine(problem, 'wasm'),
};

/** What is measured: training steps, matrix products alone, towers at inference, what doing nothing takes. */
export const PARTS = ['step', 'gemm', 'inference', 'overhead'] as const;

export type PartName = (typeof PARTS)[number];

export interface BenchOptions {
  /** All where undefined; on a software adapter the first, since the others take it many minutes. */
  shapes?: StepShape[];
  parts: readonly PartName[];
  /** Those that WebGPU is missing for are left out. */
  engines: readonly EngineName[];
  /** PyTorch, where it can be had. */
  createTorch: CreateEngine;
  /** For inference, by names that end in their backend. */
  towers: Record<string, CreateTower>;
  /** Nine where undefined, without rivals three; on a software adapter a third of that. */
  rounds?: number;
  /** The browser and its system, or Node. */
  platform: string;
  report: (message: string) => void;
  wasmPaths?: Record<string, string>;
}

/**
 * Measures everything on this machine's adapter.
 *
 * @throws DisagreementError where the engines' losses differ
 */
export async function runBench(options: BenchOptions): Promise<BenchResult> {
  watchGpu();
  const { report, parts } = options;
  const { description, isSoftware, engines } = await startDevices(options);
  report(`On ${description}`);
  const usual = (engines.every(isOurs) ? 3 : 9) / (isSoftware ? 3 : 1);
  const { rounds = usual, shapes = isSoftware ? STEP_SHAPES.slice(0, 1) : STEP_SHAPES } = options;
  const towers = towersOn(engines, options.towers);
  const step: StepResult[] = [];
  const gemm: GemmRoof[] = [];
  const kernels: KernelTime[] = [];
  const inference: InferenceResult[] = [];
  const leftOut: LeftOut[] = [];
  for (const shape of shapes) {
    const training = await measureTraining(shape, { ...options, engines, rounds });
    step.push(...training.step);
    gemm.push(...training.gemm);
    kernels.push(...training.kernels);
    leftOut.push(...training.leftOut);
    if (!parts.includes('inference')) continue;
    for (const problem of await towerProblems(shape))
      inference.push(...(await measureTower(problem, towers, rounds, leftOut, report)));
  }
  return {
    adapter: description,
    isSoftware,
    platform: options.platform,
    date: new Date().toISOString().slice(0, 10),
    rounds,
    step,
    gemm,
    inference,
    overhead: parts.includes('overhead') ? await overheadOn(backendsOf(engines), rounds, report) : undefined,
    kernels,
    leftOut,
    ratios: ratiosOf(shapes[0], step, gemm),
  };
}

async function overheadOn(
  backends: string[],
  rounds: number,
  report: (message: string) => void,
): Promise<Overhead | undefined> {
  if (!backends.includes('webgpu')) return undefined;
  report('Dispatches that do next to nothing, and reading a number back');
  await tf.setBackend('webgpu');
  return measureOverhead(webgpuBackend().device, rounds);
}

/** Starts the backends that the engines need, and leaves out the engines whose backend can't be had. */
async function startDevices({ engines, report, wasmPaths }: BenchOptions) {
  const wasm = await startDevice('wasm', { wasmPaths });
  if (!backendsOf(engines).includes('webgpu')) return { ...wasm, engines };
  const device = await startDevice('auto', { wasmPaths, timesPasses: true });
  if (device.backend === 'webgpu') {
    // As the page and the command line do after they have started.
    await tuneMatmul();
    return { ...device, engines };
  }
  report(`Without WebGPU, because ${device.whyNotWebGPU}`);
  return { ...device, engines: engines.filter((name) => !name.endsWith('webgpu')) };
}

const isOurs = (name: string) => name.startsWith('ours');

const backendsOf = (engines: readonly EngineName[]) =>
  (['webgpu', 'wasm'] as const).filter((backend) => engines.some((name) => name.endsWith(backend)));

/** Those on the engines' backends, and ours alone where no other engine is among them. */
function towersOn(engines: readonly EngineName[], towers: BenchOptions['towers']): BenchOptions['towers'] {
  const backends = backendsOf(engines);
  const isAlone = engines.every(isOurs);
  const entries = Object.entries(towers).filter(
    ([name]) => backends.some((backend) => name.endsWith(backend)) && (!isAlone || isOurs(name)),
  );
  return Object.fromEntries(entries);
}

type Resolved = BenchOptions & { rounds: number };

/** Steps and matrix products, in turns. */
async function measureTraining(shape: StepShape, { parts, engines, rounds, report, createTorch }: Resolved) {
  report(`${shape.name}: the same weights and data for every engine`);
  const race = new Race(await createProblem(shape), report);
  const isAlone = engines.every(isOurs);
  const creators = { ...ENGINES, 'torch-cpu': createTorch };
  if (parts.includes('step')) for (const name of engines) await race.add(name, creators[name]);
  const rates =
    parts.includes('gemm') && engines.includes('ours-webgpu')
      ? new GemmRates(shape.name, neededProducts(shape), await webgpuCandidates(isAlone))
      : undefined;
  for (let round = 0; round < rounds; round++) {
    await race.round(round);
    await rates?.round();
  }
  const step = race.results();
  const kernels = await race.kernels();
  await race.dispose();
  return { step, gemm: rates ? [rates.roof()] : [], kernels, leftOut: race.leftOut };
}

/** What a step can't do without: our image towers compute only the class token at their end. */
const neededProducts = (shape: StepShape) => stepProducts(shape, { classTokenOnly: true });

function ratiosOf(shape: StepShape, step: StepResult[], gemm: GemmRoof[]): Ratios {
  const seconds = (engine: EngineName) =>
    step.find((result) => result.engine === engine && result.shape === shape.name)?.seconds ?? Number.NaN;
  const ratio = (rival: EngineName, ours: EngineName) => finite(seconds(rival) / seconds(ours));
  const roof = gemm.find((result) => result.shape === shape.name)?.flops ?? Number.NaN;
  return {
    vsTfjs: ratio('tfjs-webgpu', 'ours-webgpu'),
    vsJax: ratio('jax-webgpu', 'ours-webgpu'),
    vsTfjsWasm: ratio('tfjs-wasm', 'ours-wasm'),
    vsJaxWasm: ratio('jax-wasm', 'ours-wasm'),
    vsNative: ratio('torch-cpu', 'ours-wasm'),
    ofGemmRoof: finite(flopOf(neededProducts(shape)) / seconds('ours-webgpu') / roof),
  };
}

const finite = (value: number) => (Number.isFinite(value) ? value : null);
