/**
 * Threads that share a row or column in reductions. Graphics processors want many, so that neighbours read neighbouring
 * numbers; adapters that are programs on the CPU want one, since they must unroll every barrier.
 */
export const lanes = { count: 1 };

export const HARDWARE_LANES = 64;
