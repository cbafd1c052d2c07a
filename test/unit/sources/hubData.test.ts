import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listFiles } from '../../../src/data/archives/importFiles';
import { parquet } from '../../../src/data/recognise/parquet';
import { openHubDataset } from '../../../src/hub/dataset';
import { isHubDataset } from '../../../src/hub/place';
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

const listing = (...paths: string[]) => ({
  sha: '0123456789abcdef0123456789abcdef01234567',
  siblings: paths.map((rfilename) => ({ rfilename })),
});
const converted = '/revision/refs%2Fconvert%2Fparquet?blobs=true';

const json: Record<string, unknown> = {
  [`/api/datasets/me/bugs${converted}`]: listing(
    'README.md',
    'default/train/0000.parquet',
    'default/partial-test/0000.parquet',
  ),
  [`/api/datasets/me/many${converted}`]: listing('a/train/0000.parquet', 'b/train/0000.parquet'),
  [`/api/datasets/me/odd${converted}`]: ['what?'],
  '/api/datasets/me/bugs/revision/v1.0?blobs=true': listing('README.md', 'data/test-0 0.parquet'),
};

const server = createServer((request, response) => {
  const url = request.url ?? '';
  requests.push(`${request.method} ${url}`);
  if (url.includes('/me/private') && request.headers.authorization !== 'Bearer mine')
    response.writeHead(401).end('no');
  else if (url.replace('private', 'bugs') in json)
    response.end(JSON.stringify(json[url.replace('private', 'bugs')]));
  else if (url.startsWith('/api/datasets/me/gated'))
    response.writeHead(403, { 'X-Error-Code': 'GatedRepo' }).end('no');
  else if (url.startsWith('/api/datasets/me/bugs') || url.startsWith('/api/datasets/me/unconverted'))
    response.writeHead(404, { 'X-Error-Code': 'RevisionNotFound' }).end('no');
  else if (/^\/datasets\/me\/(bugs|private)\/resolve\//.test(url))
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

async function open(place: string, token?: string) {
  return parquet(await listFiles(await openHubDataset(place, { endpoint: base, token })), {});
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

  it('is had with an access token where it is private', async () => {
    expect((await open('me/private', 'mine'))?.pairings).toHaveLength(4);
  });

  it('is taken at a revision from its own files', async () => {
    const listing = await open('hf://datasets/me/bugs@v1.0');
    expect(listing && pairingsOf(listing)).toEqual([
      'data/test-0 0/000000.png: ant (test)',
      'data/test-0 0/000001.png: bee (test)',
    ]);
    expect(requests).toContain(
      'HEAD /datasets/me/bugs/resolve/0123456789abcdef0123456789abcdef01234567/data/test-0%200.parquet',
    );
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
    ['me/private', /has no public data set me\/private: check how it is written, or give an access token/],
    ['me/gated', /^me\/gated is open only to those who accepted its terms: .*\/datasets\/me\/gated, then/],
    ['me/nothing', /has no data set me\/nothing\.$/],
    ['me/unconverted', /^me\/unconverted is on the hub, but not as Parquet, or not yet; download its files/],
    [
      'me/many',
      /^me\/many on the hub holds several data sets: a, b; give one of them, as in hf:\/\/datasets\/me\/many\/a\.$/,
    ],
    ['me/many/c', /holds several data sets: a, b/],
    [
      'me/bugs@v2',
      /^me\/bugs has no revision “v2”: .*\/datasets\/me\/bugs\/tree\/main shows its branches and tags\.$/,
    ],
    ['me/odd', /^What the hub tells of me\/odd: /],
    ['not an id', /^not an id is no id of a data set; it looks like owner\/name\.$/],
  ])('%s is refused in one sentence', async (place, message) => {
    await expect(openHubDataset(place, { endpoint: base })).rejects.toThrow(message);
  });

  it('is chosen among several', async () => {
    const folder = await openHubDataset('me/many/b', { endpoint: base });
    expect(await folder.paths()).toEqual(['train/0000.parquet']);
    await folder.open('train/0000.parquet');
    expect(requests.at(-1)).toMatch(/^HEAD \/datasets\/me\/many\/resolve\/\w+\/b\/train\/0000\.parquet$/);
  });

  it('is known by its id', () => {
    for (const id of [
      'me/bugs',
      'me/bugs@v1.0',
      'hf://datasets/me/bugs/config',
      'https://huggingface.co/datasets/me/bugs/tree/main',
    ])
      expect(isHubDataset(id)).toBe(true);
    for (const place of ['bugs', './me/bugs', 'a/b/c', '/me/bugs', 'me/bugs/', 'data.zip'])
      expect(isHubDataset(place)).toBe(false);
  });
});
