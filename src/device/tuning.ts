import { flush, webgpuBackend } from './webgpu/backend';

/** Where results are kept from one visit to the next. */
export interface TuningStore {
  get(key: string): Promise<string | undefined>;
  set(key: string, value: string): Promise<void>;
}

/** Ways to compute the same thing on the device. */
export interface Contest {
  name: string;
  /** The most promising first. */
  candidates: string[];
  /** Called once, before its candidates are measured. */
  prepare(): Promise<{ run(candidate: string): void; dispose(): void }>;
}

export interface TuningOptions {
  /** Without one everything is measured again each time. */
  store?: TuningStore;
  /** No candidate is begun later than this after the start. What was not measured then is so the next time. */
  milliseconds?: number;
  onProgress?(fraction: number): void;
}

const MILLISECONDS = 1500;

/** A measurement takes about this long where it can, so that the way to the device and back hardly counts. */
const MEASUREMENT = 12;

/** Fewer than the backend collects before it sends them, so that issuing them is not in the time. */
const MOST_TIMES = 12;

const ROUNDS = 3;

/**
 * Measures which candidate of each contest is fastest on this adapter, or remembers it.
 *
 * @param version of the candidates' code: what was measured of other versions is not used
 * @returns winners by the contests' names
 */
export async function findFastest(
  contests: Contest[],
  version: string,
  { store, milliseconds = MILLISECONDS, onProgress }: TuningOptions = {},
): Promise<Map<string, string>> {
  const key = `${version}, ${describeAdapter()}`;
  // What can't be remembered is measured.
  const winners = readWinners(await store?.get(key).catch(() => undefined), contests);
  const open = contests.filter(({ name }) => !winners.has(name));
  if (open.length === 0) return winners;
  const total = open.reduce((sum, { candidates }) => sum + candidates.length, 0);
  const deadline = performance.now() + milliseconds;
  const isLate = () => performance.now() > deadline;
  let done = 0;
  for (const { name, candidates, prepare } of open) {
    if (isLate()) break;
    const { run, dispose } = await prepare();
    const compiled: string[] = [];
    for (const candidate of candidates) {
      if (compiled.length > 0 && isLate()) break;
      await measure(() => run(candidate), 1);
      compiled.push(candidate);
      onProgress?.(++done / total);
    }
    winners.set(name, await fastestOf(compiled, run));
    dispose();
  }
  onProgress?.(1);
  await store?.set(key, JSON.stringify([...winners])).catch(() => undefined);
  return winners;
}

/** Measures in rounds, so that what else the machine does meanwhile hits all alike. */
async function fastestOf(candidates: string[], run: (candidate: string) => void): Promise<string> {
  if (candidates.length === 1) return candidates[0];
  const best = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round++)
    for (const candidate of candidates) {
      const known = best.get(candidate) ?? (await measure(() => run(candidate), 1));
      const times = Math.max(1, Math.min(MOST_TIMES, Math.round(MEASUREMENT / known)));
      best.set(candidate, Math.min(known, await measure(() => run(candidate), times)));
    }
  return candidates.reduce((a, b) => ((best.get(b) ?? 0) < (best.get(a) ?? 0) ? b : a));
}

/** Milliseconds of one run. */
async function measure(run: () => void, times: number): Promise<number> {
  for (let i = 0; i < times; i++) run();
  const start = performance.now();
  flush(webgpuBackend());
  await webgpuBackend().queue.onSubmittedWorkDone();
  return (performance.now() - start) / times;
}

function describeAdapter(): string {
  const { vendor, architecture, device, description } = webgpuBackend().device.adapterInfo;
  return [vendor, architecture, device, description].join(' ');
}

/** Winners that are candidates still; none where the text is damaged. */
function readWinners(text: string | undefined, contests: Contest[]): Map<string, string> {
  let winners = new Map<string, string>();
  try {
    if (text) winners = new Map(JSON.parse(text));
  } catch {
    // They are measured again.
  }
  const isCandidate = ([name, winner]: [string, string]) =>
    contests.some((contest) => contest.name === name && contest.candidates.includes(winner));
  return new Map([...winners].filter(isCandidate));
}
