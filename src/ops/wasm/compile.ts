import { BINARY, RELAXED_BINARY } from './binary';

/**
 * Compiles the kernels for a memory that threads share or for one that they don't, with relaxed vectors where
 * WebAssembly has them.
 */
export function compile(memory: WebAssembly.Memory): WebAssembly.Module {
  const isShared = !(memory.buffer instanceof ArrayBuffer);
  const relaxed = bytesOf(RELAXED_BINARY, isShared);
  return new WebAssembly.Module(WebAssembly.validate(relaxed) ? relaxed : bytesOf(BINARY, isShared));
}

/** Whether WebAssembly has vectors here. */
export const isSupported = WebAssembly.validate(bytesOf(BINARY, false));

function bytesOf(binary: string, isShared: boolean): Uint8Array<ArrayBuffer> {
  const bytes = atob(binary);
  // The flags of the imported memory: 1 has a maximum, 2 is shared.
  const fitting = isShared ? bytes.replace('\x06memory\x02\x01', '\x06memory\x02\x03') : bytes;
  return Uint8Array.from(fitting, (character) => character.charCodeAt(0));
}
