import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { diskStore } from '../../src/cli/diskStore';
import type { OnProgress, Progress } from '../../src/files/folder';
import { retryAfter } from '../../src/files/http';
import { memoryStore } from '../../src/files/memoryStore';
import { deleteStored, type FileStore, storedModels } from '../../src/files/storage';
import { remoteCheckpoint } from '../../src/hub/model';
import { type Fault, type HubServer, startHubServer } from '../hubServer';

const ID = 'acme/tiny-clip';
const FILE = 'model.safetensors';
const contents = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * i) % 251));

let hub: HubServer;
let folder: string;
let store: FileStore;

beforeAll(async () => {
  hub = await startHubServer();
});
afterAll(() => hub.close());
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'clip-downloads-'));
  store = diskStore(folder);
  hub.repositories.set(ID, { files: new Map([[FILE, contents]]) });
  hub.faults.clear();
  hub.requests.length = 0;
});
afterEach(() => rmSync(folder, { recursive: true }));

const settings = () => ({ store, endpoint: hub.address, firstWaitMs: 1 });

function open(faults: Fault[] = [], signal?: AbortSignal, onProgress?: OnProgress) {
  hub.faults.set(FILE, faults);
  return remoteCheckpoint(ID, onProgress, { ...settings(), signal }).open(FILE);
}

const ranges = () =>
  hub.requests.filter(({ path }) => path.startsWith('/content/')).map(({ range }) => range);

const bytesOf = async (file: Blob | undefined) =>
  Buffer.from((await file?.arrayBuffer()) ?? new ArrayBuffer(0));

/** Files in the folder that hold the contents, finished or not. */
const dataFiles = () => readdirSync(folder).filter((name) => name.includes(FILE) && !name.endsWith('.json'));

/** Whatever counts as complete is what the server has. */
function expectSoundStore() {
  for (const name of dataFiles()) {
    const record = readFileSync(path.join(folder, `${name}.json`), 'utf8');
    const isSame = readFileSync(path.join(folder, name)).equals(contents);
    if (JSON.parse(record).complete) expect(isSame, record).toBe(true);
  }
}

async function expectLoaded(loaded: Promise<Blob | undefined>) {
  expect((await bytesOf(await loaded)).equals(contents)).toBe(true);
  expectSoundStore();
  const asked = ranges().length;
  expect((await bytesOf(await open())).equals(contents)).toBe(true);
  expect(ranges().length, 'the second time, it comes from the store').toBe(asked);
}

async function expectRefused(loaded: Promise<Blob | undefined>, message: RegExp) {
  await expect(loaded).rejects.toThrow(message);
  expectSoundStore();
  const [weights] = (await storedModels(store)).filter(({ place }) => place === ID);
  expect(weights.complete && dataFiles().length > 0, 'nothing is taken for the file').toBe(false);
  await expectLoaded(open());
}

describe('a download', () => {
  it('is stored, verified and opened from the store the next time', async () => {
    const seen: Progress[] = [];
    await expectLoaded(open([], undefined, (progress) => seen.push(progress)));
    expect(seen.at(-1)).toEqual({ label: FILE, done: 300_000, total: 300_000, unit: 'bytes' });
    expect(ranges()).toEqual(['bytes=0-']);
  });

  it('goes on where the connection was cut', async () => {
    await expectLoaded(
      open([
        { kind: 'cut', after: 100_000 },
        { kind: 'cut', after: 50_000 },
      ]),
    );
    const starts = ranges().map((range) => Number(range?.match(/\d+/)?.[0]));
    expect(starts).toHaveLength(3);
    expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  });

  it('goes on where the server ended too early without a word', async () => {
    await expectLoaded(open([{ kind: 'ends early', after: 70_000 }]));
    expect(ranges()).toEqual(['bytes=0-', 'bytes=70000-']);
  });

  it('goes on after it was cancelled, and is not complete before', async () => {
    const cancel = new AbortController();
    const cancelled = open(
      [
        { kind: 'cut', after: 100_000 },
        { kind: 'slow', ms: 5000 },
      ],
      cancel.signal,
    );
    expect
      .poll(() => ranges().length)
      .toBe(2)
      .then(() => cancel.abort(new Error('cancelled')));
    await expect(cancelled).rejects.toThrow('cancelled');
    const [model] = await storedModels(store);
    expect(model).toMatchObject({ place: ID, complete: false });
    expect(model.bytes).toBeGreaterThanOrEqual(100_000);
    await expectLoaded(open());
    expect(ranges().at(-1)).not.toBe('bytes=0-');
  });

  it('can be cancelled while it waits for the next try', async () => {
    const cancel = new AbortController();
    const busy: Fault = { kind: 'status', status: 503, headers: { 'retry-after': '60' } };
    const stop = ({ unit }: Progress) => unit === 's' && cancel.abort(new Error('cancelled'));
    const waiting = open([busy], cancel.signal, stop);
    await expectRefused(waiting, /cancelled/);
  });

  it('waits as long as a busy server asks', async () => {
    const seen: Progress[] = [];
    const busy: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '2' } };
    await expectLoaded(open([busy], undefined, (progress) => seen.push(progress)));
    expect(seen[0]).toMatchObject({ done: 0, total: 2, unit: 's' });
  });

  it('survives a few answers of a broken server', async () => {
    await expectLoaded(open([500, 502, 503, 408].map((status): Fault => ({ kind: 'status', status }))));
  });

  it('is made once where the same file is asked for twice', async () => {
    const both = await Promise.all([open(), open()]);
    for (const file of both) expect((await bytesOf(file)).equals(contents)).toBe(true);
    expect(ranges()).toEqual(['bytes=0-']);
  });

  it('goes on after 416, from the start', async () => {
    await expectLoaded(
      open([
        { kind: 'cut', after: 100_000 },
        { kind: 'status', status: 416 },
      ]),
    );
    expect(ranges().at(-1)).toBe('bytes=0-');
  });

  it('begins again where the server knows no ranges', async () => {
    await expectLoaded(open([{ kind: 'ends early', after: 100_000 }, { kind: 'no ranges' }]));
  });

  it('begins again where what was stored turns out wrong', async () => {
    await expect(
      open(Array.from({ length: 20 }, (): Fault => ({ kind: 'cut', after: 0 }))),
    ).rejects.toThrow();
    hub.faults.set(FILE, []);
    await expect(
      open([
        { kind: 'cut', after: 200_000 },
        { kind: 'status', status: 403 },
      ]),
    ).rejects.toThrow();
    const [name] = dataFiles();
    const part = readFileSync(path.join(folder, name));
    writeFileSync(path.join(folder, name), part.fill(7, 0, 10));
    await expectLoaded(open());
    expect(
      ranges()
        .slice(-2)
        .map((range) => range === 'bytes=0-'),
    ).toEqual([false, true]);
  });

  it('begins again where a stored file has lost bytes or its record', async () => {
    await expectLoaded(open());
    const [name] = dataFiles();
    writeFileSync(path.join(folder, name), contents.subarray(0, 1000));
    await expectLoaded(open());
    writeFileSync(path.join(folder, `${name}.json`), '{"pla');
    await expectLoaded(open());
  });

  it('checks what is whole but was not checked to the end', async () => {
    await open();
    const [name] = dataFiles();
    const record = readFileSync(path.join(folder, `${name}.json`), 'utf8').replace('true', 'false');
    writeFileSync(path.join(folder, `${name}.json`), record);
    await expectLoaded(open());
    expect(ranges()).toHaveLength(1);
    writeFileSync(path.join(folder, `${name}.json`), record);
    writeFileSync(path.join(folder, name), Buffer.alloc(contents.length));
    await expectLoaded(open());
    expect(ranges()).toHaveLength(2);
  });

  it('ends in one sentence, and in no broken file, where it can not work', async () => {
    await expectRefused(open([{ kind: 'damaged' }]), /sends other contents than its repository names/);
    await deleteStored(store);
    await expectRefused(
      open([{ kind: 'longer', by: 5 }]),
      /has 300,005 bytes, but its repository says 300,000/,
    );
    await deleteStored(store);
    const broken: Fault[] = Array.from({ length: 5 }, () => ({ kind: 'status', status: 503 }));
    await expectRefused(
      open(broken),
      /answers 503 Service Unavailable for acme\/tiny-clip\. Try again later\./,
    );
    await deleteStored(store);
    const later: Fault = { kind: 'status', status: 429, headers: { 'retry-after': '900' } };
    await expectRefused(open([later]), /too many requests from this network\. Try again in 900 s/);
  });

  it('says how much room is missing, before and while it writes', async () => {
    await expect(openInto({ ...store, room: async () => 120_000 })).rejects.toThrow(
      'model.safetensors needs 0.3 MB more: there is room for 0.1 MB only.',
    );
    const full: FileStore = {
      ...store,
      room: async () => undefined,
      async append(name, keep) {
        const appender = await store.append(name, keep);
        if (!name.includes(FILE) || name.endsWith('.json')) return appender;
        return { ...appender, write: () => Promise.reject(new DOMException('full', 'QuotaExceededError')) };
      },
    };
    await expect(openInto(full)).rejects.toThrow(/needs 0.3 MB more: the storage is full/);
    await expectLoaded(open());
  });

  it('works without a disk', async () => {
    store = memoryStore();
    await expectLoaded(open([{ kind: 'cut', after: 100_000 }]));
    expect(readdirSync(folder)).toEqual([]);
  });
});

const openInto = (place: FileStore) =>
  remoteCheckpoint(ID, undefined, { ...settings(), store: place }).open(FILE);

describe('what is stored', () => {
  it('is listed with its size and last use, and deleted', async () => {
    expect(await storedModels(store)).toEqual([]);
    await open();
    hub.repositories.set('acme/other', { files: new Map([[FILE, contents.subarray(0, 1000)]]) });
    const other = remoteCheckpoint('acme/other', undefined, { store, endpoint: hub.address });
    await other.open(FILE);
    const models = await storedModels(store);
    expect(models.map(({ place, complete }) => [place, complete])).toEqual([
      ['acme/other', true],
      [ID, true],
    ]);
    expect(models[1].bytes).toBeGreaterThan(300_000);
    expect(Math.abs(Date.now() - models[0].usedAt)).toBeLessThan(60_000);
    await deleteStored(store, ID);
    expect((await storedModels(store)).map(({ place }) => place)).toEqual(['acme/other']);
    await deleteStored(store);
    expect(readdirSync(folder)).toEqual([]);
  });
});

describe('the time to wait', () => {
  const after = (headers: Record<string, string>) => retryAfter(new Response('', { headers }));
  it('is read from both headers, in both forms', () => {
    expect(after({ 'retry-after': '7' })).toBe(7000);
    expect(after({ ratelimit: '"api";r=0;t=55' })).toBe(55_000);
    expect(after({})).toBeUndefined();
    const date = after({ 'retry-after': new Date(Date.now() + 30_000).toUTCString() });
    expect(date).toBeGreaterThan(25_000);
    expect(date).toBeLessThan(31_000);
  });
});
