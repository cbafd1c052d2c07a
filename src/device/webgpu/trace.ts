import * as tf from '@tensorflow/tfjs-core';
import {
  type BackendInternals,
  bindingOf,
  type TfjsProgram,
  type UniformSink,
  type UniformValue,
  webgpuBackend,
} from './backend';
import { type Compiled, type Program, packUniforms, pipelineOf } from './program';

/** A buffer that a step needs for a while; which one, the plan says. */
export class Temporary {
  constructor(readonly bytes: number) {}
}

/** Numbers that are written anew for each step. */
export class Input {
  constructor(
    readonly bytes: number,
    readonly name: string,
  ) {}
}

/** Numbers that a step reads and that are the same each time. */
export class Constant {
  constructor(readonly data: ArrayBuffer) {}
}

/** The parameters of one dispatch. */
export class Uniforms {
  constructor(readonly data: ArrayBuffer) {}
}

/** What can be bound: a part of a buffer outside of the step, or something that the plan finds a place for. */
export type Resource = GPUBufferBinding | Temporary | Input | Constant | Uniforms;

/** A program, and what it runs over. */
export interface Part {
  program: Program;
  inputs: Resource[];
  outputs: Resource[];
}

export interface TracedDispatch {
  kind: 'dispatch';
  /** In the order of the layout. */
  resources: Resource[];
  /** Those that are written. */
  writes: Resource[];
  workgroups: [number, number, number];
  compile: () => Compiled;
  /** Where it is of our own code, so that others can run beside it. */
  part?: Part;
}

/** Tensors that are to lie side by side in one buffer: without a copy, where nothing else wants them elsewhere. */
interface TracedPack {
  kind: 'pack';
  target: Temporary;
  parts: { source: Resource; offset: number; bytes: number }[];
}

export type Command = TracedDispatch | TracedPack;

/** Nothing that comes after it may be done before it, however early it could. */
interface Fence {
  kind: 'fence';
}

let current: Trace | undefined;

/** The trace under way. */
export function currentTrace(): Trace | undefined {
  return current;
}

/** What a step does to the device, in order, with nothing of it done. */
export class Trace {
  readonly commands: (Command | Fence)[] = [];
  /** Tensors from outside that the step changes in place. */
  readonly changed = new Set<tf.DataId>();
  private readonly backend = webgpuBackend();
  private readonly firstId = this.backend.nextDataId();

  /** Traces a function. Tensors that it returns can be asked for with `resourceOf` until they are disposed. */
  static of<T>(step: () => T): { trace: Trace; result: T } {
    const trace = new Trace();
    const { backend } = trace;
    const { uploadToGPU, recordAndSubmit } = backend;
    current = trace;
    backend.uploadToGPU = (id) => trace.allocate(id, uploadToGPU.bind(backend));
    backend.recordAndSubmit = (program, output, inputs, uniforms) => {
      const { pipeline, dispatch: workgroups } = program;
      const resources = [output, ...inputs].map((tensor) => bindingOf(backend, tensor) as Resource);
      resources.push(new Uniforms(packTfjsUniforms(backend, program, output, inputs, uniforms)));
      const [x, y = 1, z = 1] = workgroups;
      trace.commands.push({
        kind: 'dispatch',
        resources,
        writes: resources.slice(0, 1),
        workgroups: [x, y, z],
        compile: () => ({ pipeline, layout: pipeline.getBindGroupLayout(0) }),
      });
    };
    try {
      return { trace, result: step() };
    } finally {
      current = undefined;
      Object.assign(backend, { uploadToGPU, recordAndSubmit });
    }
  }

  /** The tensors that the step makes get a place in the plan; those that were there before keep theirs. */
  private allocate(id: tf.DataId, upload: BackendInternals['uploadToGPU']): void {
    const data = this.backend.tensorMap.get(id);
    if (data.resource) return;
    if (!this.isOwn(id)) {
      upload(id);
      return;
    }
    const size = tf.util.sizeFromShape(data.shape);
    data.resource = data.values
      ? new Constant(bytesOf(data.values, data.dtype))
      : new Temporary(Math.max(4 * size, 4));
    data.values = null;
  }

  private isOwn(id: tf.DataId): boolean {
    return (id as { id: number }).id > this.firstId;
  }

  /** @param bindings of inputs and outputs */
  dispatch(program: Program, bindings: object[], outputs: tf.TensorInfo[]): void {
    for (const { dataId } of outputs) if (!this.isOwn(dataId)) this.changed.add(dataId);
    const resources = bindings as Resource[];
    const inputs = resources.slice(0, -outputs.length);
    const writes = resources.slice(-outputs.length);
    const uniforms = packUniforms(program);
    this.commands.push({
      kind: 'dispatch',
      resources: uniforms.byteLength > 0 ? [new Uniforms(uniforms), ...resources] : resources,
      writes,
      workgroups: program.dispatch,
      compile: () => pipelineOf(this.backend.device, program),
      part: { program, inputs, outputs: writes },
    });
  }

  /** Holds back what comes after, so that no more memory is needed at a time than in this order. */
  fence(): void {
    this.commands.push({ kind: 'fence' });
  }

  /** Lays tensors side by side. Offsets in bytes, multiples of 256. What is between them is not written. */
  pack(parts: { tensor: tf.TensorInfo; offset: number }[], target: tf.TensorInfo): void {
    const { backend } = this;
    this.commands.push({
      kind: 'pack',
      target: bindingOf(backend, target) as Temporary,
      parts: parts.map(({ tensor, offset }) => ({
        source: bindingOf(backend, tensor) as Resource,
        offset,
        bytes: 4 * tf.util.sizeFromShape(tensor.shape),
      })),
    });
  }

  resourceOf(tensor: tf.TensorInfo): Resource {
    return bindingOf(this.backend, tensor) as Resource;
  }
}

function bytesOf(values: tf.BackendValues, dtype: tf.DataType): ArrayBuffer {
  const numbers = values as ArrayLike<number>;
  return dtype === 'float32' ? Float32Array.from(numbers).buffer : Int32Array.from(numbers).buffer;
}

/** The uniforms of a tfjs program, in the order and layout in which its backend writes them. */
function packTfjsUniforms(
  backend: BackendInternals,
  program: TfjsProgram,
  output: tf.TensorInfo,
  inputs: tf.TensorInfo[],
  own: UniformValue[] = [],
): ArrayBuffer {
  const int = (data: number[]): UniformValue => ({ type: 'int32', data });
  const values: UniformValue[] = [
    { type: 'float32', data: [Number.NaN] },
    { type: 'float32', data: [Number.POSITIVE_INFINITY] },
    ...[...inputs, output].flatMap(({ shape }) => [int(shape), int(tf.util.computeStrides(shape))]),
  ];
  if (program.size)
    values.push(int([tf.util.sizeFromShape(program.outputShape) / (program.outputComponent ?? 1)]));
  let bytes = new ArrayBuffer(0);
  // The backend's own packing, called on a stand-in that catches what would be written to the device.
  const sink: UniformSink = {
    bufferManager: { acquireBuffer: () => ({}) },
    queue: {
      writeBuffer(_buffer, _offset, data) {
        bytes = data;
      },
    },
    uniformPendingDisposal: [],
  };
  backend.makeUniforms.call(sink, [...values, ...own]);
  return bytes;
}
