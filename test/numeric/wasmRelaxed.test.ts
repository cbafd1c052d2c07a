import { expect, it, vi } from 'vitest';
import '../../src/cli/device';
import { compile } from '../../src/ops/wasm/compile';
import './wasmKernels';

// The build with relaxed vectors, which Node has.
it('is the build that is taken here', () => {
  const validate = vi.spyOn(WebAssembly, 'validate');
  compile(new WebAssembly.Memory({ initial: 1 }));
  expect(validate).toHaveLastReturnedWith(true);
});
