import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { serveElsewhere } from './serveElsewhere';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const region = (page: Page, name: string) => page.getByRole('region', { name, exact: true });
const isOn = (page: Page, name: string) => page.getByRole('switch', { name }).getAttribute('aria-checked');

const notes = (address: string) => `<!doctype html><link rel="icon" href="data:,"><body style="margin: 0">
<div style="height: 100px">Lecture notes</div>
<iframe src="${address}" title="demo" width="720" height="480" style="border: 0"></iframe>
<div style="height: 2000px"></div>`;

describe('embedded in lecture notes of another site', () => {
  it('plays, opens boxes, and leaves scrolling and keys to the notes', async () => {
    const page = await browser.open(
      await serveElsewhere('text/html', notes(`${fakeUrl}?embed&amp;speed=100`)),
      { width: 900, height: 640 },
    );
    const frame = page.frameLocator('iframe');
    await frame.getByText('held-out image 1 of 40').waitFor();
    for (const name of ['Data', 'Models', 'Method'])
      expect(await frame.getByRole('region', { name, exact: true }).count()).toBe(0);
    const box = frame.locator('body');
    expect(await box.evaluate((body) => [body.scrollWidth, body.scrollHeight])).toEqual([720, 480]);
    await page.mouse.move(450, 300);
    await page.mouse.wheel(0, 300);
    await page.waitForFunction(() => scrollY > 200);
    // A key that comes before the scrolling of the one before has come to rest is lost.
    const scrolledBy = async (key: string) => {
      await page.keyboard.press(key);
      return page.evaluate(() => scrollY);
    };
    await expect.poll(() => scrolledBy('Home'), { interval: 300 }).toBe(0);
    await expect.poll(() => scrolledBy(' '), { interval: 300 }).toBeGreaterThan(200);
    expect(await frame.getByRole('button', { name: 'Play', exact: true }).count()).toBe(1);
    await expect.poll(() => scrolledBy('Home'), { interval: 300 }).toBe(0);
    await frame.getByRole('button', { name: 'Step', exact: true }).click();
    await frame.getByLabel('step', { exact: true }).getByText('1', { exact: true }).waitFor();
    await frame.getByRole('switch', { name: 'IFAlign' }).click();
    await frame.getByRole('button', { name: 'EduAttention' }).click();
    await frame.getByRole('region', { name: 'Inspect' }).getByText('EduAttention').first().waitFor();
    const link = frame.getByRole('link', { name: 'Open in a full page' });
    await link.focus();
    const full = await browser.open((await link.getAttribute('href')) ?? '');
    await full.getByText('after step 0').waitFor();
    expect(await isOn(full, 'IFAlign')).toBe('false');
    await region(full, 'Inspect').getByText('EduAttention').first().waitFor();
  });

  it('trains without cross-origin isolation', async () => {
    const page = await browser.open(
      await serveElsewhere('text/html', notes(`${inject('pageUrl')}?embed&amp;backend=wasm`)),
    );
    const frame = page.frameLocator('iframe');
    await frame.getByRole('button', { name: 'Play', exact: true }).click({ timeout: 60_000 });
    await page
      .frames()[1]
      .waitForFunction(
        () => Number(document.querySelector('output[aria-label="step"]')?.textContent) >= 2,
        undefined,
        { timeout: 120_000 },
      );
    expect(await page.frames()[1].evaluate(() => crossOriginIsolated)).toBe(false);
  });
});
