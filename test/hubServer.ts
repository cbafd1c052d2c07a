import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Something that goes wrong, or otherwise than usual, in one answer that sends a file's contents. */
export type Fault =
  /** The connection breaks after so many bytes of the answer; of these the client may lose the last. */
  | { kind: 'cut'; after: number }
  /** The answer ends after so many bytes as if nothing were wrong, its length not being told. */
  | { kind: 'ends early'; after: number }
  | { kind: 'status'; status: number; headers?: Record<string, string> }
  /** The whole file, whatever was asked for. */
  | { kind: 'no ranges' }
  /** Other contents of the same length. */
  | { kind: 'damaged' }
  /** A file that is so many bytes longer. */
  | { kind: 'longer'; by: number }
  /** So many milliseconds between the first bytes and the rest. */
  | { kind: 'slow'; ms: number };

export interface Repository {
  files: Map<string, Buffer>;
  /** Needs this token; `gated` tells others that the model is there. */
  token?: string;
  gated?: boolean;
  /** Without sizes and digests, as a poor mirror lists. */
  isListedBarely?: boolean;
}

interface RequestSeen {
  path: string;
  range?: string;
  authorization?: string;
}

/** A server on this machine that speaks the hub's protocol as far as loading a model goes. */
export interface HubServer {
  address: string;
  contentAddress: string;
  repositories: Map<string, Repository>;
  /** Faults of the coming answers with this file's contents, in their order. */
  faults: Map<string, Fault[]>;
  /** The status of all answers of the API, where it is not to work. */
  apiStatus?: number;
  requests: RequestSeen[];
  close(): Promise<void>;
}

const CORS = {
  'access-control-allow-origin': '*',
  'access-control-allow-headers': 'Authorization, Range',
  'access-control-expose-headers':
    'X-Repo-Commit, X-Request-Id, X-Error-Code, X-Error-Message, ETag, Link, Accept-Ranges, Content-Range, X-Linked-Size, X-Linked-ETag',
};

const hex = (algorithm: string, ...parts: (string | Buffer)[]): string =>
  parts.reduce((hash, part) => hash.update(part), createHash(algorithm)).digest('hex');

const isLarge = (path: string): boolean => path.endsWith('.safetensors');

/** A file's digest as the hub names it: large ones by their SHA-256, others by their id in git. */
const digestOf = (path: string, contents: Buffer): string =>
  isLarge(path) ? hex('sha256', contents) : hex('sha1', `blob ${contents.length}\0`, contents);

/** The commit changes with any of the files. */
export const commitOf = ({ files }: Repository): string => hex('sha1', ...[...files].flat());

/** Two servers: the hub, and that of another origin to which it sends those who ask for large files. */
export async function startHubServer(): Promise<HubServer> {
  const servers = [0, 1].map(() => createServer((request, response) => answer(hub, request, response)));
  const [address, contentAddress] = await Promise.all(servers.map(listen));
  const hub: HubServer = {
    address,
    contentAddress,
    repositories: new Map(),
    faults: new Map(),
    requests: [],
    async close() {
      for (const server of servers) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
  return hub;
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, 'localhost', resolve));
  return `http://localhost:${(server.address() as AddressInfo).port}`;
}

function answer(hub: HubServer, request: IncomingMessage, response: ServerResponse): void {
  const path = decodeURIComponent((request.url ?? '').replace(/\?.*$/, ''));
  if (request.method === 'OPTIONS') {
    response.writeHead(204, CORS).end();
    return;
  }
  const { range, authorization } = request.headers;
  hub.requests.push({ path, range, authorization });
  const api = /^\/api\/models\/([^/]+\/[^/]+)\/revision\/(.+)$/.exec(path);
  const resolve = /^\/([^/]+\/[^/]+)\/resolve\/([^/]+)\/(.+)$/.exec(path);
  const content = /^\/content\/([^/]+\/[^/]+)\/(.+)$/.exec(path);
  if (api) answerListing(hub, api[1], api[2], request, response);
  else if (resolve) answerResolve(hub, resolve.slice(1), request, response);
  else if (content) sendFile(hub, content[1], content[2], request, response);
  else refuse(response, 404);
}

function refuse(response: ServerResponse, status: number, code?: string): void {
  response.writeHead(status, { ...CORS, ...(code && { 'x-error-code': code }) }).end();
}

/** The repository, where the request may see it; else it is answered as the hub does. */
function permitted(hub: HubServer, id: string, request: IncomingMessage, response: ServerResponse) {
  const repository = hub.repositories.get(id);
  const { authorization } = request.headers;
  if (repository && (!repository.token || authorization === `Bearer ${repository.token}`)) return repository;
  if (repository?.gated) refuse(response, authorization ? 403 : 401, 'GatedRepo');
  else refuse(response, authorization ? 404 : 401, authorization ? 'RepoNotFound' : undefined);
  return undefined;
}

function answerListing(
  hub: HubServer,
  id: string,
  revision: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (hub.apiStatus) {
    refuse(response, hub.apiStatus);
    return;
  }
  // Whoever may not load a gated model may see what is in it.
  const listed = hub.repositories.get(id);
  const repository = listed?.gated ? listed : permitted(hub, id, request, response);
  if (!repository) return;
  const sha = commitOf(repository);
  if (revision !== 'main' && revision !== 'refs/pr/1' && revision !== sha) {
    refuse(response, 404, 'RevisionNotFound');
    return;
  }
  const siblings = [...repository.files].map(([rfilename, contents]) => {
    if (repository.isListedBarely) return { rfilename };
    const size = contents.length;
    const lfs = isLarge(rfilename) && { sha256: digestOf(rfilename, contents), size, pointerSize: 134 };
    return { rfilename, size, blobId: hex('sha1', `blob ${size}\0`, contents), ...(lfs && { lfs }) };
  });
  response.writeHead(200, { ...CORS, 'content-type': 'application/json' });
  response.end(JSON.stringify({ id, sha, cardData: { license: 'mit' }, siblings }));
}

/** Large files lie elsewhere, on what the hub calls its CDN; small ones are sent at once. */
function answerResolve(
  hub: HubServer,
  [id, revision, path]: string[],
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const repository = permitted(hub, id, request, response);
  if (!repository) return;
  const contents = repository.files.get(path);
  if (!contents || (revision !== 'main' && revision !== commitOf(repository))) {
    refuse(response, 404, contents ? 'RevisionNotFound' : 'EntryNotFound');
    return;
  }
  if (!isLarge(path)) {
    sendFile(hub, id, path, request, response);
    return;
  }
  const headers = {
    'x-linked-etag': `"${digestOf(path, contents)}"`,
    'x-linked-size': String(contents.length),
  };
  response
    .writeHead(302, {
      ...CORS,
      ...headers,
      location: `${hub.contentAddress}/content/${id}/${path}?signature=1`,
    })
    .end();
}

function sendFile(
  hub: HubServer,
  id: string,
  path: string,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  const stored = hub.repositories.get(id)?.files.get(path);
  if (!stored) {
    refuse(response, 404);
    return;
  }
  const fault = hub.faults.get(path)?.shift();
  if (fault?.kind === 'status') {
    response.writeHead(fault.status, { ...CORS, ...fault.headers }).end();
    return;
  }
  const contents = faulty(stored, fault);
  const start =
    fault?.kind === 'no ranges' ? undefined : /^bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1];
  const headers: Record<string, string> = { ...CORS, etag: `"${hex('md5', stored)}"` };
  if (start !== undefined && Number(start) >= contents.length) {
    response.writeHead(416, { ...headers, 'content-range': `bytes */${contents.length}` }).end();
    return;
  }
  const body = contents.subarray(Number(start ?? 0));
  if (start !== undefined)
    headers['content-range'] = `bytes ${start}-${contents.length - 1}/${contents.length}`;
  if (fault?.kind !== 'ends early') headers['content-length'] = String(body.length);
  response.writeHead(start === undefined ? 200 : 206, headers);
  sendBody(response, body, fault);
}

function faulty(contents: Buffer, fault: Fault | undefined): Buffer {
  if (fault?.kind === 'damaged') return Buffer.from(contents.map((byte) => byte ^ 1));
  if (fault?.kind === 'longer') return Buffer.concat([contents, Buffer.alloc(fault.by)]);
  return contents;
}

function sendBody(response: ServerResponse, body: Buffer, fault: Fault | undefined): void {
  switch (fault?.kind) {
    case 'cut':
      response.write(body.subarray(0, fault.after), () => setTimeout(() => response.destroy(), 50));
      return;
    case 'ends early':
      response.end(body.subarray(0, fault.after));
      return;
    case 'slow':
      response.write(body.subarray(0, 1));
      setTimeout(() => response.end(body.subarray(1)), fault.ms);
      return;
    default:
      response.end(body);
  }
}
