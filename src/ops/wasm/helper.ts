import { Board } from './board';
import { Instance } from './instance';

/** What a helper is told when it begins. */
export interface HelperStart {
  module: WebAssembly.Module;
  memory: WebAssembly.Memory;
  board: SharedArrayBuffer;
  thread: number;
  threads: number;
}

/** A thread beside the engine's: takes its part in each kernel. */
self.onmessage = ({ data }: MessageEvent<HelperStart>) => {
  const { module, memory, board, thread, threads } = data;
  const instance = new Instance(module, memory);
  new Board(board, threads).serve(thread, ({ kernel, args }, part) => instance.run(kernel, part, args));
};
