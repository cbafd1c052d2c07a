/** A tensor in main memory, as files hold it and as it crosses to and from the worker. */
export interface HostTensor {
  shape: number[];
  data: Float32Array | Int32Array;
}

/** Tensors by their name in the checkpoint. */
export type HostTensors = Record<string, HostTensor>;
