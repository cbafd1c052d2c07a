import { orLeaveOut } from '../leftOut';
import { DisagreementError } from '../measure';
import type { InferenceResult, LeftOut } from '../result';
import { spreadOf } from '../statistics';
import type { CreateTower, TowerEngine, TowerProblem } from './tower';

/** Of the largest feature. */
const TOLERANCE = 1e-3;

/**
 * Times a tower on all engines, in turns; a rival that fails is left out.
 *
 * @throws DisagreementError where the engines' features differ
 */
export async function measureTower(
  problem: TowerProblem,
  engines: Record<string, CreateTower>,
  rounds: number,
  leftOut: LeftOut[],
  report: (message: string) => void,
): Promise<InferenceResult[]> {
  const runners: { name: string; engine: TowerEngine; rates: number[] }[] = [];
  let expected: Float32Array | undefined;
  for (const [name, create] of Object.entries(engines)) {
    const started = await orLeaveOut(problem.name, name, leftOut, async () => {
      const engine = await create(problem);
      return { engine, features: await engine.encode() };
    });
    if (!started) continue;
    const { engine, features } = started;
    expected ??= features;
    if (difference(features, expected) > TOLERANCE)
      throw new DisagreementError(
        `${problem.name}: ${name} and ${runners[0].name} disagree on the features.`,
      );
    runners.push({ name, engine, rates: [] });
  }
  for (let round = 0; round < rounds; round++)
    for (const { name, engine, rates } of runners) {
      await engine.activate();
      const start = performance.now();
      await engine.encode();
      rates.push(problem.batch / ((performance.now() - start) / 1000));
      report(`${problem.name}, ${name}: ${rates[round].toPrecision(3)} a second`);
    }
  for (const { engine } of runners) {
    await engine.activate();
    await engine.dispose();
  }
  return runners.map(({ name: engine, rates }) => {
    const { median, least, most } = spreadOf(rates);
    const { name: tower, batch } = problem;
    return { tower, engine, batch, perSecond: median, perSecondRange: [least, most] };
  });
}

/** The largest, in proportion to the largest number. */
function difference(a: Float32Array, b: Float32Array): number {
  const largest = (values: Float32Array) => values.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  return largest(a.map((x, i) => x - b[i])) / largest(b);
}
