import type { HostTensors } from '../files/tensors';

/** A safetensors file's tensors, and what errors call it. */
export interface TensorFile {
  name: string;
  tensors: HostTensors;
}
