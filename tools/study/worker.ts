import { startBackend } from '../../src/cli/device';
import { carryOut } from './carryOut';
import type { Task } from './workers';

/** A process that carries out the runs that its parent sends, one after the other, and ends with it. */
const started = startBackend('wasm');

process.on('disconnect', () => process.exit());
process.on('message', async ({ run, folder }: Task) => {
  try {
    await started;
    process.send?.({ result: await carryOut(run, folder) });
  } catch (error) {
    process.send?.({ problem: error instanceof Error ? error.message : String(error) });
  }
});
