import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listFiles } from '../../../src/data/archives/importFiles';
import { isHubDataset, openHubDataset } from '../../../src/data/hubData';
import { parquet } from '../../../src/data/recognise/parquet';
import { hubParquet, pairingsOf } from './recognise';

const image = [1, 2].map((i) => ({ bytes: new Uint8Array(200_000).fill(i), path: null }));
const file = hubParquet(
  { image, label: [0n, 1n] },
  { names: ['ant', 'bee'], rowGroupSize: 1, codec: 'UNCOMPRESSED' },
);

/** What happens to the requests for a file, one after the other; then it is served. */
let mishaps: ('busy' | 'broken' | 'cut')[] = [];
let requests: string[] = [];
let servedBytes = 0;

const json: Record<string, (base: string) => unknown> = {
  '/api/datasets/me/bugs/parquet': () => ({
    default: {
      train: ['https://huggingface.co/api/datasets/me/bugs/parquet/default/train/0.parquet'],
      'partial-test': ['https://huggingface.co/api/datasets/me/bugs/parquet/default/partial-test/0.parquet'],
    },
  }),
  '/api/datasets/me/many/parquet': (base) => ({
    a: { train: [`${base}/a.parquet`] },
    b: { train: [`${base}/b.parquet`] },
  }),
  '/api/datasets/me/unconverted': () => ({ id: 'me/unconverted' }),
  '/api/datasets/me/odd/parquet': () => ['what?'],
  '/api/datasets/me/bugs/tree/v1.0?recursive=true': () => [
    { type: 'file', path: 'README.md' },
    { type: 'directory', path: 'data' },
  ],
  '/api/datasets/me/bugs/tree/v1.0?cursor=2': () => [{ type: 'file', path: 'data/test-0 0.parquet' }],
};

const server = createServer((request, response) => {
  const url = request.url ?? '';
  const base = `http://${request.headers.host}`;
  requests.push(`${request.method} ${url}`);
  if (url in json) {
    if (url.endsWith('recursive=true'))
      response.setHeader(
        'Link',
        '<https://huggingface.co/api/datasets/me/bugs/tree/v1.0?cursor=2>; rel="next"',
      );
    response.end(JSON.stringify(json[url](base)));
  } else if (url.startsWith('/api/datasets/me/private')) response.writeHead(401).end('no');
  else if (url.startsWith('/api/datasets/me/gated')) response.writeHead(403).end('no');
  else if (/^\/(api\/datasets\/me\/bugs\/parquet\/|datasets\/me\/bugs\/resolve\/)/.test(url))
    response.writeHead(302, { Location: '/cdn/file' }).end();
  else if (/\/cdn\/|\.parquet$/.test(url)) serveFile(request, response);
  else response.writeHead(404).end('not here');
});

function serveFile(request: IncomingMessage, response: ServerResponse): void {
  const mishap = request.method === 'GET' ? mishaps.shift() : undefined;
  if (mishap === 'busy') return void response.writeHead(429, { 'Retry-After': '0' }).end();
  if (mishap === 'broken') return void response.writeHead(503, { 'Retry-After': '0' }).end();
  const [, from, to] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
  const body = from === undefined ? file : file.subarray(Number(from), Number(to) + 1);
  response.writeHead(from === undefined ? 200 : 206, { 'Content-Length': body.length });
  if (request.method === 'HEAD') return void response.end();
  servedBytes += body.length;
  if (mishap !== 'cut') return void response.end(body);
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
}

let base = '';

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

beforeEach(() => {
  mishaps = [];
  requests = [];
  servedBytes = 0;
});

async function open(place: string) {
  return parquet(await listFiles(await openHubDataset(place, base)), {});
}

describe('a data set of the hub', () => {
  it('is listed by its texts, its images are loaded when opened', async () => {
    const listing = await open('me/bugs');
    expect(listing && pairingsOf(listing)).toEqual([
      'partial-test/0000/000000.png: ant (test)',
      'partial-test/0000/000001.png: bee (test)',
      'train/0000/000000.png: ant (train)',
      'train/0000/000001.png: bee (train)',
    ]);
    const before = servedBytes;
    const blob = await listing?.pairings[3].open?.();
    expect(new Uint8Array((await blob?.arrayBuffer()) ?? [])[0]).toBe(2);
    expect(servedBytes - before).toBeLessThan(201_000);
  });

  it('is taken at a revision from its own files', async () => {
    const listing = await open('hf://datasets/me/bugs@v1.0');
    expect(listing && pairingsOf(listing)).toEqual([
      'data/test-0 0/000000.png: ant (test)',
      'data/test-0 0/000001.png: bee (test)',
    ]);
    expect(requests).toContain('HEAD /datasets/me/bugs/resolve/v1.0/data/test-0%200.parquet');
  });

  it('is asked for again where the server is busy or the connection breaks', async () => {
    mishaps = ['busy', 'broken', 'cut', 'busy'];
    const listing = await open('me/bugs');
    expect(listing?.pairings).toHaveLength(4);
    expect(mishaps).toEqual([]);
    mishaps = Array.from({ length: 5 }, () => 'broken');
    await expect(listing?.pairings[0].open?.()).rejects.toThrow(
      /parquet can't be loaded: its server answers 503 Service Unavailable; try again later\.$/,
    );
    const blob = await listing?.pairings[0].open?.();
    expect(blob?.size).toBe(200_000);
  });

  it.each([
    ['me/private', /^me\/private is not public on the hub: it is private, gated, or not there; download it/],
    ['me/gated', /^me\/gated is not public on the hub/],
    ['me/nothing', /^There is no data set me\/nothing on the hub; check its name\.$/],
    ['me/unconverted', /^me\/unconverted is on the hub, but not as Parquet, or not yet; download its files/],
    [
      'me/many',
      /^me\/many on the hub holds several data sets: a, b; give one of them, as in hf:\/\/datasets\/me\/many\/a\.$/,
    ],
    ['me/many/c', /holds several data sets: a, b/],
    ['me/bugs@v2', /^me\/bugs has no revision v2 on the hub\.$/],
    ['me/odd', /parquet: expected record, received array\.$/],
    ['not an id', /^not an id is no id of a data set; it looks like owner\/name\.$/],
  ])('%s is refused in one sentence', async (place, message) => {
    await expect(openHubDataset(place, base)).rejects.toThrow(message);
  });

  it('is chosen among several', async () => {
    const folder = await openHubDataset('me/many/b', base);
    expect(await folder.paths()).toEqual(['train/0000.parquet']);
    await folder.open('train/0000.parquet');
    expect(requests.at(-1)).toBe('HEAD /b.parquet');
  });

  it('is known by its id', () => {
    for (const id of ['me/bugs', 'me/bugs@v1.0', 'hf://datasets/me/bugs/config'])
      expect(isHubDataset(id)).toBe(true);
    for (const place of ['bugs', './me/bugs', 'a/b/c', '/me/bugs', 'me/bugs/', 'data.zip'])
      expect(isHubDataset(place)).toBe(false);
  });
});
