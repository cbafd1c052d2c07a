import { chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import { build, preview } from 'vite';
import { obtainBrowser } from './browser';

/**
 * Takes the README's pictures of the page as it trains the demo on WebAssembly, docs/training.webp of all the way and
 * docs/page.png of the end: `npx tsx tools/pictures.ts`. It takes as long as the training, about two minutes.
 */
const STEPS = 500;
const FRAMES = 36;
/** Milliseconds that each picture of the moving one stands. */
const FRAME_MS = 200;
const LAST_FRAME_MS = 4000;
const MOVING_WIDTH = 960;

async function stepOf(page: Page): Promise<number> {
  const text = await page.getByLabel('step', { exact: true }).textContent();
  return Number(text?.replace(/\D/g, ''));
}

await build({ logLevel: 'warn' });
const server = await preview({ logLevel: 'warn', preview: { port: 0 } });
const browser = await chromium.launch({
  executablePath: obtainBrowser(),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
const page = await browser.newPage({ viewport: { width: 1440, height: 900 }, colorScheme: 'light' });
await page.goto(`${server.resolvedUrls?.local[0]}?backend=wasm`);
await page.getByText('after step 0').waitFor({ timeout: 120_000 });
await page.getByRole('button', { name: 'Play', exact: true }).click();
const frames: Buffer[] = [];
while (frames.length < FRAMES) {
  const step = await stepOf(page);
  if (step >= (frames.length * STEPS) / FRAMES) frames.push(await page.screenshot());
  else await page.waitForTimeout(50);
}
await page.getByRole('region', { name: 'Results' }).getByText('finished').waitFor({ timeout: 120_000 });
frames.push(await page.screenshot());
await page.emulateMedia({ colorScheme: 'dark' });
await page.getByText('Features map', { exact: true }).click();
await page.getByRole('application', { name: /^Features map/ }).focus();
await page.waitForTimeout(1000);
await page.screenshot({ path: 'docs/page.png' });
const small = await Promise.all(frames.map((frame) => sharp(frame).resize(MOVING_WIDTH).toBuffer()));
await sharp(small, { join: { animated: true } })
  .webp({ delay: [...small.slice(1).map(() => FRAME_MS), LAST_FRAME_MS], loop: 0, quality: 70, effort: 6 })
  .toFile('docs/training.webp');
await browser.close();
await server.close();
