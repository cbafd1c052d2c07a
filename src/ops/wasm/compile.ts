import { BINARY } from './binary';

/** Compiles the kernels for a memory that threads share or for one that they don't. */
export function compile(memory: WebAssembly.Memory): WebAssembly.Module {
  return new WebAssembly.Module(binary(!(memory.buffer instanceof ArrayBuffer)));
}

/** Whether WebAssembly has vectors here. */
export const isSupported = WebAssembly.validate(binary(false));

function binary(isShared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = atob(BINARY);
  // The flags of the imported memory: 1 has a maximum, 2 is shared.
  const fitting = isShared ? bytes.replace('\x06memory\x02\x01', '\x06memory\x02\x03') : bytes;
  return Uint8Array.from(fitting, (character) => character.charCodeAt(0));
}
