import { expose } from 'comlink';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { createDecodePool } from '../../src/data/images/decodePool';
import { BEGAN } from '../../src/files/beginWorker';
import { createEngine } from '../../src/worker/client';
import { DEVICE_LOST } from '../../src/worker/signals';

/** Those that were started, oldest first. */
let workers: StubWorker[] = [];

/** A worker whose other side is a port here; it says and answers nothing by itself. */
class StubWorker extends EventTarget {
  readonly isEnded = vi.fn();
  private readonly channel = new MessageChannel();

  constructor() {
    super();
    workers.push(this);
    this.channel.port1.onmessage = ({ data }) => this.says(data);
  }

  says(data: unknown): void {
    this.dispatchEvent(new MessageEvent('message', { data }));
  }

  begins(api: object): void {
    expose(api, this.channel.port2);
    this.says(BEGAN);
  }

  postMessage(message: unknown, transferables: Transferable[]): void {
    this.channel.port1.postMessage(message, transferables);
  }

  terminate(): void {
    this.channel.port1.close();
    this.isEnded();
  }
}

beforeEach(() => {
  workers = [];
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  vi.spyOn(console, 'warn').mockImplementation(() => undefined);
  vi.stubGlobal('Worker', StubWorker);
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('document', { baseURI: 'https://example.org/' });
});

afterEach(() => {
  for (const worker of workers) worker.terminate();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

const api = { demoGroups: async () => 'the groups' };

it('holds a call until the worker has begun, and gives one that never does another’s place', async () => {
  const onEnded = vi.fn();
  const answer = createEngine(onEnded).demoGroups();
  await vi.advanceTimersByTimeAsync(9999);
  expect(workers).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(workers).toHaveLength(2);
  expect(workers[0].isEnded).toHaveBeenCalled();
  workers[1].begins(api);
  expect(await answer).toBe('the groups');
  await vi.advanceTimersByTimeAsync(600_000);
  expect(workers).toHaveLength(2);
  expect(onEnded).not.toHaveBeenCalled();
  workers[1].says(DEVICE_LOST);
  expect(onEnded).toHaveBeenCalledExactlyOnceWith('lost device');
});

it('gives up after the third, and rejects what waits', async () => {
  const onEnded = vi.fn();
  const answer = expect(createEngine(onEnded).demoGroups()).rejects.toThrow('The engine was started anew');
  await vi.advanceTimersByTimeAsync((10 + 20 + 40) * 1000);
  await answer;
  expect(workers).toHaveLength(3);
  expect(onEnded).toHaveBeenCalledExactlyOnceWith('ended');
});

it('leaves the place of one that does not begin to another engine', async () => {
  const onEnded = vi.fn();
  const answer = expect(createEngine(onEnded).demoGroups()).rejects.toThrow('The engine was started anew');
  createEngine(onEnded);
  await answer;
  workers[1].begins(api);
  await vi.advanceTimersByTimeAsync(600_000);
  expect(workers).toHaveLength(2);
  expect(onEnded).not.toHaveBeenCalled();
});

it('gives the images of a decoder that never begins to another', async () => {
  const pool = createDecodePool(1);
  const image = pool.examine(new Blob([]), 'a.png');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(workers).toHaveLength(2);
  const examined = { width: 3, height: 2 };
  workers[1].begins({ examine: async () => examined });
  expect(await image).toEqual(examined);
  pool.dispose();
  expect(workers[1].isEnded).toHaveBeenCalled();
});
