export type BackendName = 'webgpu' | 'wasm';

/** What the engine runs on. */
export interface DeviceInfo {
  backend: BackendName;
  /** The adapter in words: 'WebGPU, Apple M2', 'WebAssembly, 4 threads'. */
  description: string;
  /** The WebGPU adapter is a program on the CPU (SwiftShader, lavapipe). */
  isSoftware: boolean;
  /** It computes with float16 too. */
  hasFloat16: boolean;
  /** Why WebGPU is not used, where it is not; undefined where it is. */
  whyNotWebGPU?: string;
  /** A sentence that says why WebAssembly has one thread on a page, where it could have more. */
  whyOneThread?: string;
}
