import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.webmanifest': 'application/manifest+json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
};

export interface PlainHost {
  /** The address of the page. */
  url: string;
  /** Paths that were asked for, in order. */
  asked: string[];
  /** Contents by path that are served in place of the folder's. */
  replaced: Map<string, string>;
  close(): Promise<void>;
}

/** Serves a folder below /courses/clip/ as the plainest host does: files, and no header but their type. */
export async function plainHost(folder: string): Promise<PlainHost> {
  const below = '/courses/clip/';
  const asked: string[] = [];
  const replaced = new Map<string, string>();
  const server = createServer(async ({ url = '' }, answer) => {
    const { pathname } = new URL(url, 'http://host');
    const file = pathname.slice(below.length) || 'index.html';
    asked.push(file);
    try {
      if (!pathname.startsWith(below)) throw new Error('not in the folder');
      const body = replaced.get(file) ?? (await readFile(path.join(folder, file)));
      answer.writeHead(200, { 'Content-Type': TYPES[path.extname(file)] ?? 'application/octet-stream' });
      answer.end(body);
    } catch {
      answer.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}${below}`,
    asked,
    replaced,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
