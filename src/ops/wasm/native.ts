import type { BackendWasm } from '@tensorflow/tfjs-backend-wasm';
import * as tf from '@tensorflow/tfjs-core';
import { type Kernel, registerKernel } from '../kernels';
import { Board } from './board';
import { compile, isSupported } from './compile';
import type { HelperStart } from './helper';
import './identity';
import { Instance, WORKSPACE } from './instance';
import { type Arguments, KERNELS, type KernelName } from './signatures';

/** What is used of tfjs's WebAssembly module, as Emscripten makes it. */
interface TfjsModule {
  _malloc(bytes: number): number;
  _free(address: number): void;
  /** In the threaded build; in the other the memory is an export. */
  wasmMemory?: WebAssembly.Memory;
  asm: { memory: WebAssembly.Memory };
}

/** The compiled kernels on tfjs's backend, by all threads where its memory can be shared. */
export class Native {
  private readonly tfjs: TfjsModule;
  private readonly instance: Instance;
  private readonly board?: Board;
  /** The threads' workspaces: where the first is, and the size of each in bytes. */
  private workspace = 0;
  private workspaceBytes = 0;

  constructor(readonly backend: BackendWasm) {
    this.tfjs = backend.wasm as unknown as TfjsModule;
    const memory = this.tfjs.wasmMemory ?? this.tfjs.asm.memory;
    const module = compile(memory);
    this.instance = new Instance(module, memory);
    // A page's own thread may not wait for others.
    if (this.tfjs.wasmMemory && typeof WorkerGlobalScope !== 'undefined')
      this.board = startHelpers(module, memory);
  }

  /** Runs a kernel for all its items (0 to `count`), with `scratchFloats` more scratch memory than a product needs. */
  run<Name extends KernelName>(
    kernel: Name,
    count: number,
    given: Arguments<Name, tf.TensorInfo>,
    scratchFloats = 0,
  ): void {
    this.reserve(WORKSPACE + 4 * scratchFloats);
    const args = this.inOrder(kernel, given);
    const { board, instance, workspace, workspaceBytes } = this;
    if (board?.isReady && count >= KERNELS[kernel].worthwhile)
      board.run({ kernel, count, workspace, workspaceBytes, args }, (part) =>
        instance.run(kernel, part, args),
      );
    else instance.run(kernel, { begin: 0, end: count, workspace }, args);
  }

  /** Arguments as C takes them: in its order, tensors by their addresses. */
  private inOrder(kernel: KernelName, given: Record<string, tf.TensorInfo | number | undefined>): number[] {
    return Object.keys(KERNELS[kernel].arguments).map((name) => {
      const value = given[name];
      return typeof value === 'number' ? value : this.address(value);
    });
  }

  private reserve(bytes: number): void {
    if (bytes <= this.workspaceBytes) return;
    this.tfjs._free(this.workspace);
    // A multiple of 16, as the stack must be.
    this.workspaceBytes = Math.ceil(bytes / 16) * 16;
    this.workspace = found(this.tfjs._malloc((this.board?.threads ?? 1) * this.workspaceBytes) >>> 0);
  }

  output(shape: number[]): tf.TensorInfo {
    const tensor = this.backend.makeOutput(shape, 'float32');
    found(this.address(tensor));
    return tensor;
  }

  /** The same tensor as an output, without a copy. */
  share({ dataId, shape, dtype }: tf.TensorInfo): tf.TensorInfo {
    this.backend.incRef(dataId);
    return { dataId, shape, dtype };
  }

  /** Where a tensor lies in memory; 0 for one that is not there. */
  private address(tensor: tf.TensorInfo | undefined): number {
    return tensor ? this.backend.getMemoryOffset(tensor.dataId) : 0;
  }
}

/** An address that `malloc` gave; tfjs does not look whether it is one. */
function found(address: number): number {
  if (address === 0) throw new Error('WebAssembly has no memory left: a smaller batch or model needs less.');
  return address;
}

/** One thread for each processor, this one included; until all have begun, the board is not ready. */
function startHelpers(module: WebAssembly.Module, memory: WebAssembly.Memory): Board | undefined {
  const board = Board.create(navigator.hardwareConcurrency);
  const { buffer, threads } = board;
  for (let thread = 1; thread < threads; thread++) {
    const helper = new Worker(new URL('./helper.ts', import.meta.url), { type: 'module' });
    const start: HelperStart = { module, memory, board: buffer, thread, threads };
    helper.postMessage(start);
  }
  return threads > 1 ? board : undefined;
}

let current: Native | undefined;

function nativeOf(backend: BackendWasm): Native {
  if (current?.backend !== backend) current = new Native(backend);
  return current;
}

/** Registers a fused kernel for the wasm backend, where WebAssembly has vectors. */
export function registerWasmKernel<Inputs, Attributes>(
  kernel: Kernel<Inputs, Attributes>,
  compute: (
    inputs: NoInfer<Inputs>,
    native: Native,
    attributes: NoInfer<Attributes>,
  ) => tf.TensorInfo | tf.TensorInfo[],
): void {
  if (!isSupported) return;
  registerKernel(kernel, 'wasm', (inputs, attributes, backend) =>
    compute(inputs, nativeOf(backend as BackendWasm), attributes),
  );
}

/** The product of all dimensions but the last. */
export const rowsOf = ({ shape }: tf.TensorInfo) => tf.util.sizeFromShape(shape.slice(0, -1));
