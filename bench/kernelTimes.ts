import type { KernelTime } from './result';

type Times = Omit<KernelTime, 'shape'>[];

/** Timestamps that a query set may hold, two a dispatch. */
const MOST_TIMESTAMPS = 4096;

/**
 * How long the dispatches of a step take, by what they compute, longest first: the mean of some steps, since browsers
 * round timestamps to a tenth of a millisecond. Each dispatch gets a pass of its own, so that none runs beside another.
 * Empty where the device has no timestamps.
 */
export async function kernelTimes(
  device: GPUDevice,
  steps: number,
  step: () => Promise<unknown>,
): Promise<Times> {
  if (!device.features.has('timestamp-query')) return [];
  const querySet = device.createQuerySet({ type: 'timestamp', count: MOST_TIMESTAMPS });
  const { prototype } = GPUCommandEncoder;
  const { beginComputePass } = prototype;
  const totals = new Map<string, { dispatches: number; seconds: number }>();
  try {
    for (let i = 0; i < steps; i++) {
      const kernels: string[] = [];
      prototype.beginComputePass = function (this: GPUCommandEncoder) {
        const begin = (descriptor?: GPUComputePassDescriptor) => beginComputePass.call(this, descriptor);
        return timedPass(begin, querySet, kernels) as GPUComputePassEncoder;
      };
      await step();
      prototype.beginComputePass = beginComputePass;
      const seconds = await read(device, querySet, kernels.length);
      for (const [number, kernel] of kernels.entries()) {
        const total = totals.get(kernel) ?? { dispatches: 0, seconds: 0 };
        totals.set(kernel, {
          dispatches: total.dispatches + 1 / steps,
          seconds: total.seconds + seconds[number] / steps,
        });
      }
    }
  } finally {
    prototype.beginComputePass = beginComputePass;
    querySet.destroy();
  }
  return [...totals]
    .map(([kernel, { dispatches, seconds }]) => ({ kernel, dispatches: Math.round(dispatches), seconds }))
    .sort((a, b) => b.seconds - a.seconds);
}

/** What a step does with a pass, with a pass of its own for each dispatch. */
function timedPass(
  begin: (descriptor?: GPUComputePassDescriptor) => GPUComputePassEncoder,
  querySet: GPUQuerySet,
  kernels: string[],
): Partial<GPUComputePassEncoder> {
  let pipeline: GPUComputePipeline;
  let bindGroup: GPUBindGroup;
  return {
    setPipeline(next) {
      pipeline = next;
    },
    setBindGroup(_index: number, next: GPUBindGroup | null | undefined) {
      if (next) bindGroup = next;
    },
    dispatchWorkgroups(x, y, z) {
      const first = 2 * kernels.length;
      const isTimed = first < MOST_TIMESTAMPS;
      const writes = { querySet, beginningOfPassWriteIndex: first, endOfPassWriteIndex: first + 1 };
      const pass = begin(isTimed ? { timestampWrites: writes } : {});
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      pass.dispatchWorkgroups(x, y, z);
      pass.end();
      if (isTimed) kernels.push(kernelName(pipeline.label));
    },
    end() {},
  };
}

/** Seconds of the first so many dispatches. */
async function read(device: GPUDevice, querySet: GPUQuerySet, dispatches: number): Promise<number[]> {
  const bytes = 16 * dispatches;
  if (bytes === 0) return [];
  const { QUERY_RESOLVE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const resolved = device.createBuffer({ size: bytes, usage: QUERY_RESOLVE | COPY_SRC });
  const staging = device.createBuffer({ size: bytes, usage: COPY_DST | MAP_READ });
  const encoder = device.createCommandEncoder();
  encoder.resolveQuerySet(querySet, 0, 2 * dispatches, resolved, 0);
  encoder.copyBufferToBuffer(resolved, 0, staging, 0, bytes);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const times = new BigInt64Array(staging.getMappedRange().slice(0));
  resolved.destroy();
  staging.destroy();
  // A clock that was set anew in between would give less than nothing.
  return Array.from({ length: dispatches }, (_, i) =>
    Math.max(0, Number(times[2 * i + 1] - times[2 * i]) / 1e9),
  );
}

/** What a pipeline computes, from its key: programs side by side with a plus between them. */
export function kernelName(key: string): string {
  const parts = key.split(' beside ').map((part) => {
    const [name] = part.split(/[_,]/);
    const layout = /"layout":"(\w+)"/.exec(part);
    return layout ? `${name} ${layout[1]}` : name;
  });
  return parts.sort().join(' + ');
}
