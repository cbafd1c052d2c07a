import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../test/chromiumArguments';
import { obtainBrowser } from '../tools/browser';
import { type Sent, slowHost } from './slowHost';

// `npm run bench:start`: from the link to the first loss on the screen, with nothing cached, over a line of 20 Mbit/s, and
// what was sent until then. Play is pressed as soon as it is there.

const MEGABITS = 20;
const LATENCY = 40;
const ROUNDS = 3;

interface Start {
  /** ms from the link on. */
  play: number;
  loss: number;
  sent: Sent[];
}

const folder = await mkdtemp(join(tmpdir(), 'clip-distillery-start-'));
await build({ logLevel: 'warn', build: { outDir: folder, emptyOutDir: true } });
try {
  for (const search of ['?backend=wasm', '']) {
    const starts: Start[] = [];
    for (let round = 0; round < ROUNDS; round++) starts.push(await start(search));
    starts.sort((a, b) => a.loss - b.loss);
    show(search ? 'WebAssembly' : 'WebGPU', starts);
  }
} finally {
  await rm(folder, { recursive: true });
}

async function start(search: string): Promise<Start> {
  const browser = await chromium.launch({ executablePath: obtainBrowser(), args: CHROMIUM_ARGUMENTS });
  const host = await slowHost(folder, MEGABITS, LATENCY);
  try {
    const context = await browser.newContext({ serviceWorkers: 'block' });
    const page = await context.newPage();
    const began = performance.now();
    await page.goto(host.url + search, { waitUntil: 'commit' });
    await page.getByRole('button', { name: 'Play', exact: true }).click();
    const play = performance.now() - began;
    await page.waitForFunction(
      () => Number(document.querySelector('output[aria-label="step"]')?.textContent) >= 1,
    );
    return { play, loss: performance.now() - began, sent: [...host.sent] };
  } finally {
    await browser.close();
    host.close();
  }
}

function show(backend: string, starts: Start[]): void {
  const { play, loss, sent } = starts[ROUNDS >> 1];
  const seconds = (ms: number) => (ms / 1000).toFixed(1);
  const total = sent.reduce((sum, { bytes }) => sum + bytes, 0);
  console.log(
    `\n${backend}: Play after ${seconds(play)} s, first loss after ${seconds(loss)} s (of ${ROUNDS}: ${starts.map((one) => seconds(one.loss)).join(', ')}), ${(total / 1e6).toFixed(2)} MB:`,
  );
  for (const { file, bytes, asked, done } of sent)
    console.log(
      `${(bytes / 1000).toFixed(1).padStart(8)} kB  ${seconds(asked).padStart(5)} to ${seconds(done).padStart(4)} s  ${file}`,
    );
}
