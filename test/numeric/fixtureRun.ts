import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { diskFile } from '../../src/cli/disk';
import { openRun, withAbsolutePaths } from '../../src/cli/openRun';
import { readSafetensors } from '../../src/files/safetensors';
import type { HostTensors } from '../../src/files/tensors';
import { parseRun } from '../../src/run/schema';
import type { StepMetrics } from '../../src/train/events';
import type { ExperimentInputs } from '../../src/train/experiment';

/** Runs that PyTorch has computed, and what it got. */
const fixture = fileURLToPath(new URL('../fixtures/reference', import.meta.url));

export const runNames = fs
  .readdirSync(fixture)
  .filter((file) => file.endsWith('.expected.json'))
  .map((file) => file.replace('.expected.json', ''));

/** Opens a run of the fixture; `change` overrides keys of its `loss` and `train`, or whole keys. */
export async function openFixtureRun(
  name: string,
  { loss, train, ...others }: Record<string, unknown> = {},
): Promise<ExperimentInputs> {
  const raw = JSON.parse(fs.readFileSync(path.join(fixture, `${name}.json`), 'utf8'));
  const changed = {
    ...raw,
    ...others,
    loss: { ...raw.loss, ...Object(loss) },
    train: { ...raw.train, ...Object(train) },
  };
  return openRun(withAbsolutePaths(parseRun(changed, name), fixture), () => undefined);
}

export function expectedMetrics(name: string): StepMetrics[] {
  return JSON.parse(fs.readFileSync(path.join(fixture, `${name}.expected.json`), 'utf8'));
}

/** `grad.*` of step 0 and `final.*` after the last step. */
export async function expectedTensors(name: string): Promise<HostTensors> {
  const file = path.join(fixture, `${name}.expected.safetensors`);
  return readSafetensors(await diskFile(file), file);
}

/** Without effect on the loss: their true gradient is 0, and AdamW moves them by rounding noise. */
export const hasNoEffect = (name: string) =>
  /k_proj\.bias|projector\.fc1\.bias|edu\.k\.bias|post_layernorm\.bias/.test(name);

export function largestEntry(values: ArrayLike<number>): number {
  return Math.max(...Array.from(values, Math.abs));
}
