import { largestBuffer } from '../device/memory';
import { InputError } from '../files/folder';
import type { Trainer } from './trainer';

export interface StepMemory {
  /** On the device, beside models and optimiser; 0 where it is not known. */
  bytes: number;
  /** The student's layers are computed again in the backward pass, since keeping what they made would take too much. */
  recompute: boolean;
}

/** WebGPU does not tell how much memory there is; steps that need more than this are too much for many laptops. */
const BUDGET = 2e9;

/**
 * How a step fits into the device's memory. Nothing is allocated for it.
 *
 * @param create a trainer for a look; it is disposed
 * @throws InputError where one of a step's buffers is larger than the device allows, with a batch size that fits
 */
export function fitMemory(
  create: (recompute: boolean) => Trainer,
  batchSize: number,
  budget = BUDGET,
): StepMemory {
  const sizes = sizesOf(create(false), batchSize);
  const bytes = sum(sizes);
  if (bytes <= budget) return { bytes, recompute: false };
  const saving = sum(sizesOf(create(true), batchSize));
  return saving < bytes ? { bytes: saving, recompute: true } : { bytes, recompute: false };
}

function sizesOf(trainer: Trainer, batchSize: number): number[] {
  try {
    const sizes = trainer.bufferSizes(batchSize);
    checkLargest(sizes[0] ?? 0, batchSize);
    return sizes;
  } finally {
    trainer.dispose();
  }
}

function checkLargest(largest: number, batchSize: number): void {
  const limit = largestBuffer();
  if (largest <= limit) return;
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en-GB')} MB`;
  throw new InputError(
    `train.batchSize ${batchSize} needs a buffer of ${megabytes(largest)}, but this device allows ${megabytes(limit)}: ` +
      `a batchSize of ${Math.max(2, Math.floor((batchSize * limit) / largest))} would fit.`,
  );
}

const sum = (sizes: number[]) => sizes.reduce((total, size) => total + size, 0);
