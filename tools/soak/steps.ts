import v8 from 'node:v8';
import vm from 'node:vm';
import { installNodeWebGPU } from '../../src/cli/device';
import type { BackendName } from '../../src/device/info';
import { memoryUse } from '../../src/device/memory';
import { startDevice } from '../../src/device/start';
import { Session } from '../../src/train/session';
import { openFixtureRun } from '../../test/numeric/fixtureRun';
import { flatness, type Sample } from './flat';
import { INTERPRETED } from './interpreted';
import type { Row } from './row';

const SAMPLE_EVERY = 200;
/** What code is compiled and cached by then does not count. */
const WARM_UP = 4000;
/** Bytes a step: a number that were kept of each would be as many. */
const MOST_SLOPE = 8;

/** Takes so many steps of a small run: heap, live tensors and bytes must be flat. */
export async function soakSteps(backend: BackendName, steps: number, until: number): Promise<Row> {
  for (const flag of ['--expose-gc', ...INTERPRETED]) v8.setFlagsFromString(flag);
  const collect: () => void = vm.runInNewContext('gc');
  if (backend === 'webgpu') await installNodeWebGPU();
  const { description } = await startDevice(backend);
  const inputs = await openFixtureRun('full-adamw', { train: { steps } });
  const samples: Sample[] = [];
  const row: Row = { what: '', done: 0, lost: [] };
  let end: () => void = () => {};
  const ended = new Promise<void>((resolve) => {
    end = resolve;
  });
  const sample = async () => {
    collect();
    if (row.done > WARM_UP)
      samples.push({ at: row.done, heap: process.memoryUsage().heapUsed, ...memoryUse() });
    if (Date.now() > until) end();
  };
  const session = new Session((event) => {
    if (event.type === 'problem') row.lost.push(event.message);
    if (event.type === 'state' && ['finished', 'failed', 'diverged'].includes(event.state)) end();
    if (event.type !== 'step') return;
    row.done = event.metrics.step;
    if (row.done % SAMPLE_EVERY === 0) void session.ask(sample);
  });
  await session.load({ ...inputs, evaluationImages: { during: 8, atEnd: 8 } });
  await session.play();
  await ended;
  await session.dispose();
  const { words, lost } = flatness(samples, MOST_SLOPE);
  return { ...row, what: `steps on ${description}; each adds ${words}`, lost: [...row.lost, ...lost] };
}
