import { createHash } from 'node:crypto';
import fs from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { InputError } from '../files/folder';

/**
 * Holds a folder for this process until it ends, however it ends: it listens on a socket of the folder's name, which
 * the system closes. Throws InputError where another process holds it.
 */
export async function lockFolder(folder: string): Promise<void> {
  const name = `clip-distillery-${createHash('sha256')
    .update(await fs.realpath(folder))
    .digest('hex')
    .slice(0, 16)}`;
  const address = addressOf(name);
  if (await listens(address)) return;
  if (address.endsWith('.sock') && !(await answers(address))) {
    // Left behind by one that was killed.
    await fs.rm(address, { force: true });
    if (await listens(address)) return;
  }
  throw new InputError(
    `${folder} is in use by another process, which writes its run there; wait for it, or give another --out.`,
  );
}

/** Where there is one that is no file, it: of one that was killed nothing is left behind. */
function addressOf(name: string): string {
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  // Linux's abstract addresses begin with a zero; some versions of Node fill them up, so that this one is full.
  if (process.platform === 'linux') return `\0${name}`.padEnd(108, '-');
  return path.join(os.tmpdir(), `${name}.sock`);
}

function listens(address: string): Promise<boolean> {
  const server = net.createServer((socket) => socket.destroy());
  return new Promise((resolve) => {
    server.once('error', () => resolve(false));
    server.listen(address, () => {
      server.unref();
      resolve(true);
    });
  });
}

function answers(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address, () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
