import { readFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
};
const PIECE = 32 * 1024;
/** So many ms that timers were late are made up for. */
const LATE = 50;

/** An answer: how many bytes were sent, and from when to when, in ms since the host began. */
export interface Sent {
  file: string;
  bytes: number;
  asked: number;
  done: number;
}

export interface SlowHost {
  url: string;
  sent: Sent[];
  close(): void;
}

/**
 * Serves a folder as hosts do, text and WebAssembly compressed, over a line that all answers share.
 *
 * @param megabits what the line carries in a second
 * @param latency ms from question to answer
 */
export async function slowHost(folder: string, megabits: number, latency: number): Promise<SlowHost> {
  const began = performance.now();
  const now = () => performance.now() - began;
  const sent: Sent[] = [];
  let lineFree = 0;
  const server = createServer(async ({ url = '' }, answer) => {
    const asked = now();
    const file = new URL(url, 'http://host').pathname.slice(1) || 'index.html';
    const content = await readFile(path.join(folder, file)).catch(() => undefined);
    const type = TYPES[path.extname(file)];
    const body = content && type ? gzipSync(content) : (content ?? Buffer.alloc(0));
    await wait(latency);
    answer.writeHead(content ? 200 : 404, {
      'Content-Type': type ?? 'application/octet-stream',
      'Content-Length': body.length,
      'Cross-Origin-Opener-Policy': 'same-origin',
      'Cross-Origin-Embedder-Policy': 'require-corp',
      ...(content && type && { 'Content-Encoding': 'gzip' }),
    });
    for (let at = 0; at < body.length; at += PIECE) {
      const piece = body.subarray(at, at + PIECE);
      lineFree = Math.max(lineFree, now() - LATE) + (piece.length * 8) / (megabits * 1000);
      await wait(lineFree - now());
      answer.write(piece);
    }
    answer.end();
    sent.push({ file, bytes: body.length, asked, done: now() });
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return {
    url: `http://localhost:${(server.address() as AddressInfo).port}/`,
    sent,
    close: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}
