import type { Overhead } from './result';
import { spreadOf } from './statistics';

/** A measurement of dispatches takes at least this, or so many of them. */
const SECONDS = 0.1;
const MOST_DISPATCHES = 2 ** 16;

const READBACKS = 30;

/** Each dispatch adds one to a number that the next one reads, so that none runs before another is done. */
const CODE = `
@group(0) @binding(0) var<storage, read_write> count : array<u32, 1>;
@compute @workgroup_size(1) fn main() { count[0] += 1u; }`;

/**
 * What a device takes for doing next to nothing.
 *
 * @throws Error where it has left dispatches out
 */
export async function measureOverhead(device: GPUDevice, rounds: number): Promise<Overhead> {
  const { STORAGE, COPY_SRC, COPY_DST, MAP_READ } = GPUBufferUsage;
  const counter = device.createBuffer({ size: 4, usage: STORAGE | COPY_SRC });
  const staging = device.createBuffer({ size: 4, usage: COPY_DST | MAP_READ });
  const pipeline = device.createComputePipeline({
    layout: 'auto',
    compute: { module: device.createShaderModule({ code: CODE }) },
  });
  const bindGroup = device.createBindGroup({
    layout: pipeline.getBindGroupLayout(0),
    entries: [{ binding: 0, resource: { buffer: counter } }],
  });
  let expected = 0;
  /** Dispatches so often, reads the counter back, and says how many seconds that took. */
  const time = async (dispatches: number): Promise<number> => {
    const start = performance.now();
    const encoder = device.createCommandEncoder();
    if (dispatches > 0) {
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, bindGroup);
      for (let i = 0; i < dispatches; i++) pass.dispatchWorkgroups(1);
      pass.end();
    }
    encoder.copyBufferToBuffer(counter, 0, staging, 0, 4);
    device.queue.submit([encoder.finish()]);
    await staging.mapAsync(GPUMapMode.READ);
    const [count] = new Uint32Array(staging.getMappedRange());
    staging.unmap();
    expected += dispatches;
    if (count !== expected) throw new Error(`Of ${expected} dispatches the device has done ${count}.`);
    return (performance.now() - start) / 1000;
  };
  let dispatches = 256;
  while ((await time(dispatches)) < SECONDS && dispatches < MOST_DISPATCHES) dispatches *= 4;
  const rates: number[] = [];
  for (let round = 0; round < rounds; round++) rates.push(dispatches / (await time(dispatches)));
  const readbacks: number[] = [];
  for (let i = 0; i < READBACKS; i++) readbacks.push(await time(0));
  counter.destroy();
  staging.destroy();
  const rate = spreadOf(rates);
  const readback = spreadOf(readbacks);
  return {
    dispatchesPerSecond: rate.median,
    dispatchesPerSecondRange: [rate.least, rate.most],
    readbackSeconds: readback.median,
    readbackSecondsRange: [readback.least, readback.most],
  };
}
