import { webgpuBackend } from './backend';

/**
 * Threads that share a row or column in reductions. Graphics processors want many, so that neighbours read neighbouring
 * numbers; adapters that are programs on the CPU want one, since they must unroll every barrier.
 */
export const lanes = { count: 1 };

export const HARDWARE_LANES = 64;

/** Threads of a workgroup on adapters that are programs on the CPU: as many as their vectors hold, for all programs alike. */
export const SOFTWARE_THREADS = 8;

/**
 * Whether dispatches that do not wait for one another become one. Not on SwiftShader, where a dispatch costs next to
 * nothing and compiling what is joined makes the first step take half as long again.
 */
export const joining = { isOn: true };

/** Whether the adapter is a program on the CPU. */
export const isSoftware = (): boolean => lanes.count === 1;

/**
 * How many neighbouring threads of a subgroup should read together what all of them need, each a part, and hand it to
 * one another. A program on the CPU gathers each thread's numbers one by one, even where they are the same ones.
 */
export function readingLanes(): 1 | 4 | 8 {
  const { features, adapterInfo } = webgpuBackend().device;
  if (!isSoftware() || !features.has('subgroups')) return 1;
  const { subgroupMinSize } = adapterInfo;
  return subgroupMinSize >= 8 ? 8 : subgroupMinSize >= 4 ? 4 : 1;
}
