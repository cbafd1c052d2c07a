import { webgpuBackend } from './backend';

/** Offsets into buffers that are bound must be multiples of this (WebGPU's default limit). */
const ALIGNMENT = 256;

export const aligned = (bytes: number) => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

let live = 0;

/** Bytes in buffers that are the engine's own, beside those of the tfjs backend. */
export const ownBytes = () => live;

export function createOwnBuffer(size: number, usage: GPUBufferUsageFlags): GPUBuffer {
  live += size;
  return webgpuBackend().device.createBuffer({ size, usage });
}

export function destroyOwnBuffer(buffer: GPUBuffer): void {
  live -= buffer.size;
  buffer.destroy();
}

/** Buffers that recordings share, since one step is done before the next begins. */
export class BufferPool {
  /** The largest first. */
  private readonly buffers: GPUBuffer[] = [];

  /** A buffer of at least each of these sizes in bytes, all different ones. */
  take(sizes: number[]): GPUBuffer[] {
    const taken: GPUBuffer[] = [];
    const largestFirst = [...sizes.entries()].sort(([, a], [, b]) => b - a);
    let next = 0;
    for (const [index, size] of largestFirst) {
      const fitting = this.buffers[next];
      if (fitting && fitting.size >= size) next++;
      taken[index] = fitting && fitting.size >= size ? fitting : this.create(size);
    }
    this.buffers.push(...taken.filter((buffer) => !this.buffers.includes(buffer)));
    this.buffers.sort((a, b) => b.size - a.size);
    return taken;
  }

  private create(size: number): GPUBuffer {
    const { STORAGE, COPY_SRC, COPY_DST } = GPUBufferUsage;
    return createOwnBuffer(size, STORAGE | COPY_SRC | COPY_DST);
  }

  dispose(): void {
    for (const buffer of this.buffers.splice(0)) destroyOwnBuffer(buffer);
  }
}
