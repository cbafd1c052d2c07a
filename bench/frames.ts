import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build, preview } from 'vite';
import { CHROMIUM_ARGUMENTS } from '../test/chromiumArguments';
import { restart } from '../test/e2e/controls';
import { obtainBrowser } from '../tools/browser';
import { type FrameCost, frameCosts, quantile } from './frameTrace';

// `npm run bench:frames [STEPS [EARLIER_RUNS]]`: what the page costs the main thread a frame and holds in memory, while a
// run of 10,000 steps and more goes on at 200 steps a second over six earlier ones of that length. The engine invents its
// numbers; the page is the built one.

const [STEPS = 10_000, EARLIER_RUNS = 6] = process.argv.slice(2).map(Number);
const SECONDS = 5;
/** What is open below the figure. */
const VIEWS = [
  'Predictions',
  'Student’s image tower',
  'IFAlign',
  'EduAttention',
  'Refinement',
  'Student’s qs logits',
];

const folder = await mkdtemp(join(tmpdir(), 'clip-distillery-frames-'));
const fastEngine = fileURLToPath(new URL('fastEngine.ts', import.meta.url));
await build({
  logLevel: 'warn',
  build: { outDir: folder, emptyOutDir: true },
  plugins: [
    {
      name: 'fast-engine',
      enforce: 'pre',
      resolveId: (source) => (source.endsWith('worker/client') ? fastEngine : undefined),
    },
  ],
});
const server = await preview({ logLevel: 'warn', build: { outDir: folder }, preview: { port: 0 } });
const browser = await chromium.launch({
  executablePath: obtainBrowser(),
  // Without this the browser measures its heap when it next collects garbage, in half a minute or so.
  args: [...CHROMIUM_ARGUMENTS, '--enable-blink-features=ForceEagerMeasureMemory'],
});
try {
  const page = await openRunning(browser, server.resolvedUrls?.local[0] ?? '');
  const row = (view: string, cells: string[]) =>
    console.log(view.padEnd(24), ...cells.map((cell) => cell.padStart(9)));
  console.log(`Milliseconds of the main thread a frame, of ${SECONDS} s each (CPU time):`);
  row('', ['frames/s', 'median', '95 %', 'most', 'script', 'style', 'layout', 'paint']);
  for (const view of VIEWS) {
    if (view !== VIEWS[0]) await page.getByRole('button', { name: view, exact: true }).click();
    await page.waitForTimeout(1000);
    row(view, summary(await measure(browser, page)));
  }
  console.log(`${(await heldBy(page)).toFixed(0)} MB of heap`);
} finally {
  await browser.close();
  await server.close();
  await rm(folder, { recursive: true });
}

/** The page with a run going on and all its earlier runs in the charts. */
async function openRunning(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
  await page.goto(`${url}?before=${STEPS}`);
  await page.getByText('after step 0').waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  for (let i = 0; i <= EARLIER_RUNS; i++) {
    await page.waitForFunction(
      (steps) => {
        const [, step = ''] = /after step ([\d,]+)/.exec(document.body.textContent) ?? [];
        return Number(step.replaceAll(',', '')) > steps;
      },
      STEPS,
      { timeout: 0 },
    );
    if (i < EARLIER_RUNS) await restart(page);
  }
  return page;
}

declare global {
  interface Performance {
    measureUserAgentSpecificMemory(): Promise<{ bytes: number }>;
  }
}

/** Megabytes of the page's heap and its workers'. */
async function heldBy(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  return (await page.evaluate(() => performance.measureUserAgentSpecificMemory())).bytes / 1e6;
}

async function measure(browser: Browser, page: Page): Promise<FrameCost[]> {
  await browser.startTracing(page, {
    categories: ['toplevel', 'devtools.timeline', 'devtools.timeline.frame', '__metadata'],
  });
  await page.waitForTimeout(SECONDS * 1000);
  return frameCosts((await browser.stopTracing()).toString());
}

function summary(frames: FrameCost[]): string[] {
  const totals = frames.map(({ total }) => total);
  const mean = (part: keyof FrameCost) => frames.reduce((sum, frame) => sum + frame[part], 0) / frames.length;
  return [
    (frames.length / SECONDS).toFixed(0),
    quantile(totals, 0.5).toFixed(1),
    quantile(totals, 0.95).toFixed(1),
    Math.max(...totals).toFixed(1),
    ...(['script', 'style', 'layout', 'paint'] as const).map((part) => mean(part).toFixed(1)),
  ];
}
