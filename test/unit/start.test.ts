import * as tf from '@tensorflow/tfjs-core';
import { afterEach, expect, it, vi } from 'vitest';
import { startDevice } from '../../src/device/start';

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const LIMITS = { maxBufferSize: 2 ** 28, maxStorageBufferBindingSize: 2 ** 27 };

/** A platform whose WebGPU has this adapter. */
function withAdapter(adapter: object | null): void {
  const gpu = { requestAdapter: async () => adapter };
  vi.stubGlobal('navigator', { gpu, userAgent: 'Node.js', hardwareConcurrency: 1 });
}

it.each([
  ['Quirk 3000', 'Quirk 3000'],
  ['', 'unnamed'],
])(
  'takes WebAssembly where the adapter %j gives no device, and says why in words of its own',
  async (description, named) => {
    const said = vi.spyOn(console, 'warn').mockImplementation(() => undefined);
    const fault = new DOMException('D3D12 E_FAIL 0x80004005', 'OperationError');
    withAdapter({
      features: new Set(),
      limits: LIMITS,
      info: { description },
      requestDevice: () => Promise.reject(fault),
    });
    const device = await startDevice('auto');
    expect(device).toMatchObject({
      backend: 'wasm',
      description: 'WebAssembly, 1 thread',
      whyNotWebGPU: `the graphics processor (${named}) could not be started`,
    });
    expect(said).toHaveBeenCalledWith(fault);
    await expect(startDevice('webgpu')).rejects.toThrow(
      `WebGPU can't be used: the graphics processor (${named}) could not be started.`,
    );
  },
);

it('keeps what the platform says of a failed search for adapters out of its reason', async () => {
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const requestAdapter = () => Promise.reject(new Error('ipc channel closed (code 11)'));
  vi.stubGlobal('navigator', { gpu: { requestAdapter }, userAgent: 'Node.js' });
  const { whyNotWebGPU } = await startDevice('auto');
  expect(whyNotWebGPU).toBe('asking for an adapter (graphics processor) failed');
});

it('takes WebAssembly where the search for an adapter never ends', async () => {
  vi.useFakeTimers();
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  const requestAdapter = () => new Promise(() => undefined);
  vi.stubGlobal('navigator', { gpu: { requestAdapter }, userAgent: 'Node.js', hardwareConcurrency: 1 });
  const started = startDevice('auto');
  await vi.advanceTimersByTimeAsync(30_000);
  expect(await started).toMatchObject({
    backend: 'wasm',
    whyNotWebGPU: 'asking for an adapter (graphics processor) failed',
  });
  expect(vi.getTimerCount()).toBe(0);
});

it('says so where WebAssembly never starts', async () => {
  vi.useFakeTimers();
  vi.spyOn(tf.engine(), 'setBackend').mockReturnValue(new Promise(() => undefined));
  const started = expect(startDevice('wasm')).rejects.toThrow('The device has not answered in 30 s');
  await vi.advanceTimersByTimeAsync(30_000);
  await started;
});

it.each([true, false])(
  'knows an adapter without a name for a program on the CPU by its flag (%s)',
  async (isFallbackAdapter) => {
    const device = { features: new Set(), limits: LIMITS, queue: {}, lost: new Promise(() => undefined) };
    withAdapter({
      features: new Set(),
      limits: LIMITS,
      info: { description: '', vendor: '', architecture: '', device: '', isFallbackAdapter },
      requestDevice: async () => device,
    });
    expect(await startDevice('auto')).toMatchObject({
      backend: 'webgpu',
      description: 'WebGPU',
      isSoftware: isFallbackAdapter,
    });
  },
);
