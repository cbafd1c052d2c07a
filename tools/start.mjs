/** Builds the page and serves it: on PORT (5173 by default), else the next free port. Opens nothing where BROWSER=none. */
import { fileURLToPath } from 'node:url';
import { build, preview } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));

await build({ root, logLevel: 'warn' });
const server = await preview({
  root,
  logLevel: 'warn',
  preview: { port: Number(process.env.PORT ?? 5173), open: process.env.BROWSER !== 'none' },
});
console.log(`clip-distillery is at ${server.resolvedUrls?.local[0]} (Ctrl+C ends it)`);
