import { openSafetensors, readSafetensors } from '../files/safetensors';
import { checkFinite, type HostTensors } from '../files/tensors';

/** A safetensors file's tensors, and what errors call it. */
export interface TensorFile {
  name: string;
  tensors: HostTensors;
}

/** @throws InputError where it is no safetensors file, or holds NaN or infinity */
export async function readTensorFile(
  file: Blob,
  name: string,
): Promise<TensorFile & { metadata: Record<string, string> }> {
  const { metadata } = await openSafetensors(file, name);
  const tensors = await readSafetensors(file, name);
  for (const [tensor, { data }] of Object.entries(tensors)) checkFinite(data, `${name}: ${tensor}`);
  return { name, tensors, metadata };
}
