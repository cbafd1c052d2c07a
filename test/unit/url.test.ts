import { afterEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../src/files/folder';
import { urlSource } from '../../src/files/url';

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
