/** What an engine has asked of the GPU since it began. */
export interface GpuWork {
  dispatches: number;
  submits: number;
  /** `writeBuffer`, and buffers mapped at creation, which are written without it. */
  writes: number;
  /** Bytes of its live buffers, and the most they ever were. */
  bytes: number;
  peakBytes: number;
}

export function noGpuWork(): GpuWork {
  return { dispatches: 0, submits: 0, writes: 0, bytes: 0, peakBytes: 0 };
}

let current = noGpuWork();
const owners = new WeakMap<GPUBuffer, GpuWork>();

/** Counts in `work` what any library asks of WebGPU during the action. A buffer stays its creator's. */
export async function counting<T>(work: GpuWork, action: () => Promise<T>): Promise<T> {
  const before = current;
  current = work;
  try {
    return await action();
  } finally {
    current = before;
  }
}

/** Watches WebGPU itself, so that every library is counted alike. Once, before any device is made. */
export function watchGpu(): void {
  if (typeof GPUDevice === 'undefined') return;
  const { prototype: pass } = GPUComputePassEncoder;
  pass.dispatchWorkgroups = before(pass.dispatchWorkgroups, () => current.dispatches++);
  pass.dispatchWorkgroupsIndirect = before(pass.dispatchWorkgroupsIndirect, () => current.dispatches++);
  const { prototype: queue } = GPUQueue;
  queue.submit = before(queue.submit, () => current.submits++);
  queue.writeBuffer = before(queue.writeBuffer, () => current.writes++);
  const { prototype: device } = GPUDevice;
  const { createBuffer } = device;
  device.createBuffer = function (this: GPUDevice, descriptor) {
    const buffer = createBuffer.call(this, descriptor);
    owners.set(buffer, current);
    current.bytes += buffer.size;
    current.peakBytes = Math.max(current.peakBytes, current.bytes);
    if (descriptor.mappedAtCreation) current.writes++;
    return buffer;
  };
  const { prototype: buffer } = GPUBuffer;
  buffer.destroy = before(buffer.destroy, function (this: GPUBuffer) {
    const owner = owners.get(this);
    if (owner) owner.bytes -= this.size;
    owners.delete(this);
  });
}

/** The method, with something that happens before it. */
function before<This, Arguments extends unknown[], Result>(
  method: (this: This, ...args: Arguments) => Result,
  note: (this: This) => void,
): (this: This, ...args: Arguments) => Result {
  return function (...args) {
    note.call(this);
    return method.apply(this, args);
  };
}
