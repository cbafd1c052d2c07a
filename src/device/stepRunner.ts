import * as tf from '@tensorflow/tfjs-core';
import { MachineError } from '../files/folder';
import { onWebGPU, viewTensor, webgpuBackend } from './webgpu/backend';
import { BufferPool } from './webgpu/buffers';
import { planMemory } from './webgpu/plan';
import { type Output, Recording } from './webgpu/recording';
import { joinDispatches } from './webgpu/schedule';
import { type Command, Input, Trace } from './webgpu/trace';

interface StepInput {
  data: Float32Array<ArrayBuffer> | Int32Array<ArrayBuffer>;
  shape: number[];
}

export type StepInputs = Record<string, StepInput>;

/**
 * What a step computes: tensors from tensors. It may change variables in place, but nothing else that lasts, and it
 * must do the same for all inputs of the same names and shapes.
 */
export type Step = (inputs: Record<string, tf.Tensor>) => Record<string, tf.Tensor>;

interface Recorded {
  recording: Recording;
  /** Fails with a MachineError where the device had not enough memory for its buffers. */
  allocated: Promise<void>;
}

/** Batches of other shapes (the last of an epoch, cached features instead of pixels) have a recording each. */
const MOST_RECORDINGS = 4;

/**
 * Takes the same step again and again. On WebGPU it is traced once for each shape of its inputs and replayed from then
 * on: the same dispatches in one submission, with nothing left to compute in JavaScript. Elsewhere it is simply called.
 */
export class StepRunner {
  private readonly recordings = new Map<string, Recorded>();
  private readonly pool = new BufferPool();

  constructor(private readonly step: Step) {}

  /**
   * Sends a step to the device at once; the promise brings its outputs' numbers when the device is done.
   *
   * @throws MachineError where the device has not enough memory for it
   */
  async run(inputs: StepInputs): Promise<Record<string, Float32Array>> {
    if (!onWebGPU()) return runEagerly(this.step, inputs);
    const { recording, allocated } = this.recordingFor(inputs);
    const data = Object.entries(inputs).map(([name, input]) => [name, input.data] as const);
    const done = recording.replay(Object.fromEntries(data));
    done.catch(() => undefined);
    await allocated;
    return Object.fromEntries(
      Object.entries(await done).map(([name, bytes]) => [name, new Float32Array(bytes)]),
    );
  }

  private recordingFor(inputs: StepInputs): Recorded {
    const key = JSON.stringify(Object.entries(inputs).map(([name, { shape }]) => [name, shape]));
    const recorded = this.recordings.get(key) ?? record(this.step, inputs, this.pool);
    // The one used last is the last to go.
    this.recordings.delete(key);
    this.recordings.set(key, recorded);
    for (const oldest of [...this.recordings.keys()].slice(0, -MOST_RECORDINGS)) this.forget(oldest);
    return recorded;
  }

  /** Bytes of the buffers that a step with such inputs would have, the largest first. None is made. */
  bufferSizes(inputs: StepInputs): number[] {
    if (!onWebGPU()) return [];
    const { commands, outputs } = traceStep(this.step, inputs);
    const kept = outputs.map(({ resource }) => resource);
    return planMemory(commands, kept).slots.sort((a, b) => b - a);
  }

  private forget(key: string): void {
    this.recordings.get(key)?.recording.dispose();
    this.recordings.delete(key);
  }

  dispose(): void {
    for (const key of [...this.recordings.keys()]) this.forget(key);
    this.pool.dispose();
  }
}

interface Traced {
  commands: Command[];
  changed: Trace['changed'];
  outputs: Output[];
}

function traceStep(step: Step, inputs: StepInputs): Traced {
  const tensors: Record<string, tf.Tensor> = {};
  for (const [name, { data, shape }] of Object.entries(inputs)) {
    const bytes = 4 * tf.util.sizeFromShape(shape);
    const dtype = data instanceof Int32Array ? 'int32' : 'float32';
    tensors[name] = viewTensor(new Input(bytes, name), shape, dtype);
  }
  try {
    const { trace, result } = Trace.of(() => tf.tidy(() => step(tensors)));
    const outputs = Object.entries(result).map(([name, tensor]) => ({
      name,
      resource: trace.resourceOf(tensor),
      bytes: 4 * tensor.size,
    }));
    tf.dispose(result);
    const kept = outputs.map(({ resource }) => resource);
    return { commands: joinDispatches(trace.commands, kept), changed: trace.changed, outputs };
  } finally {
    tf.dispose(tensors);
  }
}

function record(step: Step, inputs: StepInputs, pool: BufferPool): Recorded {
  const { device } = webgpuBackend();
  const { commands, changed, outputs } = traceStep(step, inputs);
  device.pushErrorScope('out-of-memory');
  const recording = new Recording(commands, changed, outputs, pool);
  const allocated = device.popErrorScope().then((problem) => {
    if (problem)
      throw new MachineError(
        `The graphics processor has not enough memory for a step (${problem.message}); a smaller batchSize or a larger train.accumulate needs less.`,
      );
  });
  allocated.catch(() => undefined);
  return { recording, allocated };
}

async function runEagerly(step: Step, inputs: StepInputs): Promise<Record<string, Float32Array>> {
  const outputs = tf.tidy(() =>
    step(
      Object.fromEntries(
        Object.entries(inputs).map(([name, { data, shape }]) => [
          name,
          tf.tensor(data, shape, data instanceof Int32Array ? 'int32' : 'float32'),
        ]),
      ),
    ),
  );
  const read = Object.entries(outputs).map(
    async ([name, tensor]) => [name, await tensor.data<'float32'>()] as const,
  );
  const values = Object.fromEntries(await Promise.all(read));
  tf.dispose(outputs);
  return values;
}
