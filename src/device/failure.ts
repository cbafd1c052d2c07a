import { InputError, MachineError } from '../files/folder';
import { onWebGPU, webgpuBackend } from './webgpu/backend';

/** A device tells of its loss a moment after what failed by it. */
const LOSS_IS_TOLD_MS = 1000;

/** Why something failed, in words for the user; what the platform said of it goes to the console. */
export async function whyFailed(error: unknown): Promise<string> {
  if (error instanceof InputError || error instanceof MachineError) return error.message;
  console.warn(error);
  return (await isLost())
    ? 'The graphics processor was lost: its driver ended, or the machine slept.'
    : 'The engine met an error of its own, which the console tells.';
}

async function isLost(): Promise<boolean> {
  if (!onWebGPU()) return false;
  const lost = webgpuBackend().device.lost.then(() => true);
  return Promise.race([lost, new Promise<false>((resolve) => setTimeout(resolve, LOSS_IS_TOLD_MS, false))]);
}
