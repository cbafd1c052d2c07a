import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../src/files/folder';
import { memoryStore } from '../../src/files/memoryStore';
import type { FileStore } from '../../src/files/storage';
import { storedUrlSource, urlSource } from '../../src/files/url';
import { type HubServer, startHubServer } from '../hubServer';

function answer(response: () => Response | Promise<Response>) {
  const fetched: string[] = [];
  vi.stubGlobal('fetch', async (url: string) => {
    fetched.push(url);
    return response();
  });
  return fetched;
}

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('files at a web address', () => {
  it('are fetched below it', async () => {
    const fetched = answer(() => new Response('{}'));
    const source = urlSource('https://example.org/clip/');
    expect(source.name).toBe('https://example.org/clip');
    expect(await (await source.open('a/config.json'))?.text()).toBe('{}');
    expect(fetched).toEqual(['https://example.org/clip/a/config.json']);
  });

  it('are undefined where there are none, also where the server sends its page instead', async () => {
    answer(() => new Response('', { status: 404 }));
    expect(await urlSource('https://example.org').open('vocab.json')).toBeUndefined();
    answer(
      () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html; charset=utf-8' } }),
    );
    expect(await urlSource('https://example.org').open('vocab.json')).toBeUndefined();
  });

  it('fail with the address and the reason', async () => {
    answer(() => new Response('', { status: 503, statusText: 'Service Unavailable' }));
    await expect(urlSource('https://example.org').open('a.json')).rejects.toThrow(
      'https://example.org/a.json could not be loaded: 503 Service Unavailable',
    );
    answer(() => Promise.reject(new TypeError('fetch failed')));
    await expect(urlSource('https://example.org').open('a.json')).rejects.toThrow(
      'https://example.org/a.json could not be reached (fetch failed).',
    );
  });

  it('tell how far they are', async () => {
    answer(() => new Response('0123456789', { headers: { 'content-length': '10' } }));
    const seen: Progress[] = [];
    const file = await urlSource('https://example.org', (progress) => seen.push(progress)).open(
      'w.safetensors',
    );
    expect(await file?.text()).toBe('0123456789');
    expect(seen.at(-1)).toEqual({ label: 'w.safetensors', done: 10, total: 10, unit: 'bytes' });
  });
});

describe('files at a web address that are stored', () => {
  let hub: HubServer;
  let store: FileStore;
  beforeAll(async () => {
    hub = await startHubServer();
  });
  afterAll(() => hub.close());
  beforeEach(() => {
    store = memoryStore();
    serve('0123456789');
    hub.requests.length = 0;
  });

  const serve = (text: string) =>
    hub.repositories.set('acme/clip', { files: new Map([['w.safetensors', Buffer.from(text)]]) });
  const read = async (path = 'w.safetensors', base = `${hub.address}/acme/clip/resolve/main/`) =>
    (await storedUrlSource(base, store, { firstWaitMs: 1 }).open(path))?.text();
  const ranges = () => hub.requests.filter(({ path }) => path.includes('content')).map(({ range }) => range);

  it('are asked for again, but loaded only where they have changed', async () => {
    expect(await read()).toBe('0123456789');
    expect(await read()).toBe('0123456789');
    expect(ranges()).toEqual(['bytes=0-', 'bytes=0-0']);
    serve('abcdefghij');
    expect(await read()).toBe('abcdefghij');
    expect(ranges().slice(2)).toEqual(['bytes=0-0', 'bytes=0-']);
  });

  it('go on where the connection was cut, and begin again where they were changed meanwhile', async () => {
    hub.faults.set('w.safetensors', [
      { kind: 'ends early', after: 4 },
      { kind: 'status', status: 403 },
    ]);
    await expect(read()).rejects.toThrow(/w\.safetensors could not be loaded: 403 Forbidden\./);
    expect(await read()).toBe('0123456789');
    expect(ranges()).toEqual(['bytes=0-', 'bytes=4-', 'bytes=4-']);
    store = memoryStore();
    hub.faults.set('w.safetensors', [
      { kind: 'ends early', after: 4 },
      { kind: 'status', status: 403 },
    ]);
    await expect(read()).rejects.toThrow();
    serve('abcdefghij');
    expect(await read()).toBe('abcdefghij');
    expect(ranges().slice(-2)).toEqual(['bytes=4-', 'bytes=0-']);
  });

  it('are opened from the store where the server is out of reach', async () => {
    await read();
    hub.faults.set('w.safetensors', [{ kind: 'status', status: 503 }]);
    expect(await read()).toBe('0123456789');
    await expect(read('w.safetensors', 'http://localhost:9')).rejects.toThrow(
      'http://localhost:9/w.safetensors could not be loaded, or not to its end.',
    );
  });

  it('are undefined where there are none', async () => {
    expect(await read('config.json')).toBeUndefined();
    expect(await store.names()).toEqual([]);
  });
});
