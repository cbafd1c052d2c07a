import { largestBuffer } from '../device/memory';
import { InputError } from '../files/folder';
import type { TrainOptions } from './options';

/** Takes a run's steps. */
interface Stepper {
  /** The backward pass computes layers again, to save memory. */
  recompute: boolean;
  /** Bytes of the buffers that a step of this many images needs, the largest first; empty where it is not known. */
  bufferSizes(batchSize: number): number[];
}

/** A batch, and where it can go through the towers in parts, in how many it does. */
type Batch = Pick<TrainOptions, 'batchSize'> & Partial<Pick<TrainOptions, 'accumulate'>>;

export interface StepMemory {
  /** On the device, beside models and optimiser; 0 where it is not known. */
  bytes: number;
  /** The layers are computed again in the backward pass, since keeping what they made would take too much. */
  recompute: boolean;
}

/** WebGPU does not tell how much memory there is; steps that need more than this are too much for many laptops. */
const BUDGET = 2e9;

/**
 * Has a trainer that has taken no step yet compute again what would not fit into memory. Nothing is allocated for it.
 *
 * @throws InputError where one of a step's buffers is larger than the device allows, with what fits
 */
export function fitMemory(trainer: Stepper, batch: Batch, budget = BUDGET): StepMemory {
  const bytes = stepBytes(trainer, batch);
  if (bytes <= budget) return { bytes, recompute: false };
  trainer.recompute = true;
  const saving = stepBytes(trainer, batch);
  if (saving < bytes) return { bytes: saving, recompute: true };
  trainer.recompute = false;
  return { bytes, recompute: false };
}

function stepBytes(trainer: Stepper, batch: Batch): number {
  const sizes = trainer.bufferSizes(batch.batchSize);
  checkLargest(sizes[0] ?? 0, batch);
  return sizes.reduce((total, size) => total + size, 0);
}

function checkLargest(largest: number, { batchSize, accumulate }: Batch): void {
  const limit = largestBuffer();
  if (largest <= limit) return;
  const parts = Math.ceil(((accumulate ?? Number.POSITIVE_INFINITY) * largest) / limit);
  const megabytes = (bytes: number) => `${Math.ceil(bytes / 1e6).toLocaleString('en-GB')} MB`;
  throw new InputError(
    `train.batchSize ${batchSize} needs a buffer of ${megabytes(largest)}, but this device allows ${megabytes(limit)}: ` +
      `a batchSize of ${Math.max(2, Math.floor((batchSize * limit) / largest))} would fit` +
      (parts <= batchSize
        ? `, or a train.accumulate of ${parts}, which takes the batch in so many parts.`
        : '.'),
  );
}
