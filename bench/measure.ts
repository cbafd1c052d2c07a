import { webgpuBackend } from '../src/device/webgpu/backend';
import type { CreateEngine, EngineName, Losses, StepEngine } from './engines/engine';
import { counting, type GpuWork, noGpuWork } from './gpuWork';
import { kernelTimes } from './kernelTimes';
import { orLeaveOut } from './leftOut';
import type { Problem } from './problem';
import type { KernelTime, LeftOut, StepResult } from './result';
import { spreadOf } from './statistics';

/** Steps whose losses must agree; they are the warm-up too. */
const CHECKED_STEPS = 3;
const TOLERANCE = 1e-3;

/** A round takes at least this, so that short steps are timed over several. */
const ROUND_SECONDS = 0.5;
const MOST_STEPS = 100;

/** A rival whose step takes more seconds is left out: with all its rounds it would hold up the others for hours. */
const LONGEST_STEP = 60;
/** As `LONGEST_STEP`, for the first step, in which shaders are compiled too. */
const LONGEST_FIRST_STEP = 300;

/** Losses differ, so that there is nothing to compare. */
export class DisagreementError extends Error {
  override name = 'DisagreementError';
}

/** What came of a round, for one step. */
type Round = Pick<StepResult, 'seconds' | 'issueSeconds' | 'dispatches' | 'submits' | 'writes'>;

/** Engines with the same problem, side by side: checked against each other, then timed in turns. */
export class Race {
  /** Rivals that could not run. */
  readonly leftOut: LeftOut[] = [];
  private readonly runners: Runner[] = [];

  constructor(
    private readonly problem: Problem,
    private readonly report: (message: string) => void,
  ) {}

  /**
   * Sets an engine up and takes its first steps; a rival that fails or takes too long is left out.
   *
   * @throws DisagreementError where its losses are not those of the engine before
   */
  async add(name: EngineName, create: CreateEngine): Promise<void> {
    const work = noGpuWork();
    const runner = await orLeaveOut(this.problem.shape.name, name, this.leftOut, () =>
      counting(work, () => this.start(name, create, work)),
    );
    if (!runner) return;
    this.runners.push(runner);
    checkAgreement(this.runners[0], runner);
  }

  private async start(name: EngineName, create: CreateEngine, work: GpuWork): Promise<Runner> {
    const engine = await create(this.problem);
    const losses: Losses[] = [];
    let seconds = 0;
    for (let step = 0; step < CHECKED_STEPS; step++) {
      const start = performance.now();
      losses.push(await engine.step());
      seconds = (performance.now() - start) / 1000;
      this.report(
        `${name}: step ${step + 1} in ${seconds.toFixed(2)} s, loss ${losses[step].total.toFixed(5)}`,
      );
      const longest = step === 0 ? LONGEST_FIRST_STEP : LONGEST_STEP;
      if (seconds > longest && !name.startsWith('ours')) {
        engine.dispose();
        throw new Error(`A step takes it ${seconds.toFixed(0)} s.`);
      }
    }
    return { name, engine, work, losses, steps: stepsARound(seconds), rounds: [] };
  }

  /** One round of every engine; the first of them is another one each time. */
  async round(number: number): Promise<void> {
    for (let i = 0; i < this.runners.length; i++) {
      const runner = this.runners[(i + number) % this.runners.length];
      const round = await counting(runner.work, () => timeRound(runner));
      runner.rounds.push(round);
      this.report(`round ${number + 1}, ${runner.name}: ${round.seconds.toFixed(3)} s a step`);
    }
  }

  results(): StepResult[] {
    return this.runners.map(({ name: engine, work, rounds }) => {
      const of = (key: keyof Round) => spreadOf(rounds.map((round) => round[key]));
      const { median: seconds, least, most } = of('seconds');
      return {
        shape: this.problem.shape.name,
        engine,
        seconds,
        secondsRange: [least, most],
        issueSeconds: of('issueSeconds').median,
        dispatches: Math.round(of('dispatches').median),
        submits: Math.round(of('submits').median),
        writes: Math.round(of('writes').median),
        peakBytes: work.peakBytes,
      };
    });
  }

  /** Where our step on WebGPU spends its time; empty where it does not run, or can't be timed. */
  async kernels(): Promise<KernelTime[]> {
    const { name: shape } = this.problem.shape;
    const runner = this.runners.find(({ name }) => name === 'ours-webgpu');
    if (!runner) return [];
    const { engine, steps } = runner;
    await engine.activate();
    this.report(`${shape}: each kernel of a step`);
    const times = await kernelTimes(webgpuBackend().device, steps, () => engine.step());
    return times.map((time) => ({ shape, ...time }));
  }

  async dispose(): Promise<void> {
    for (const { engine } of this.runners) {
      await engine.activate();
      engine.dispose();
    }
  }
}

interface Runner {
  name: EngineName;
  engine: StepEngine;
  work: GpuWork;
  losses: Losses[];
  /** In a round. */
  steps: number;
  rounds: Round[];
}

function stepsARound(seconds: number): number {
  return Math.min(MOST_STEPS, Math.max(1, Math.ceil(ROUND_SECONDS / seconds)));
}

/** Steps as a training loop takes them: the losses of one are awaited when the next is on its way. */
async function timeRound({ engine, work, steps }: Runner): Promise<Round> {
  await engine.activate();
  const { dispatches, submits, writes } = work;
  let before: Promise<Losses> | undefined;
  let issueSeconds = 0;
  const start = performance.now();
  for (let step = 0; step < steps; step++) {
    const issued = performance.now();
    const losses = engine.step();
    issueSeconds += (performance.now() - issued) / 1000 / steps;
    await before;
    before = losses;
  }
  await before;
  return {
    seconds: (performance.now() - start) / 1000 / steps,
    issueSeconds,
    dispatches: (work.dispatches - dispatches) / steps,
    submits: (work.submits - submits) / steps,
    writes: (work.writes - writes) / steps,
  };
}

function checkAgreement(reference: Runner, runner: Runner): void {
  for (const [step, expected] of reference.losses.entries())
    for (const part of ['total', 'mean', 'variance', 'kl'] as const) {
      const value = runner.losses[step][part];
      if (Math.abs(value - expected[part]) <= TOLERANCE * Math.abs(expected[part])) continue;
      throw new DisagreementError(
        `${runner.name} and ${reference.name} disagree in step ${step + 1}: ${part} is ${value} and ${expected[part]}.`,
      );
    }
}
