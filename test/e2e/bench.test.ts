import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { describe, expect, inject, it } from 'vitest';
import { encodeResult } from '../../bench/link';
import { benchResultSchema } from '../../bench/result';
import { violations } from './accessibility';
import { useBrowser } from './setup';

const browser = useBrowser();
const [folder, name] = ['docs/measurements/', 'llvmpipe-node.json'];
const json = readFileSync(folder + name, 'utf8');
const contributed = benchResultSchema.parse(JSON.parse(json));

const address = () => `${inject('pageUrl')}bench.html`;
const cards = (page: Page) => page.getByRole('region', { name: 'Cards' }).getByRole('article');

async function paste(page: Page, text: string): Promise<void> {
  await page.getByLabel('Put another’s card beside it').fill(text);
  await page.getByRole('button', { name: 'Compare', exact: true }).click();
}

/** What a card says of something. */
const figure = async (page: Page, card: string, name: string) =>
  page
    .getByRole('article', { name: card })
    .locator('dt', { hasText: new RegExp(`^${name}$`) })
    .locator('+ dd')
    .innerText();

describe('the bench page', () => {
  it('measures, shows a card, and puts a pasted one beside it', async () => {
    const page = await browser.open(address());
    await page.getByText('What is measured').click();
    for (const part of ['a training step', 'inference of the towers', 'the step’s matrix products'])
      await page.getByLabel(part).uncheck();
    await page.getByRole('button', { name: 'Measure' }).click();
    await page.getByRole('article', { name: /^Measured here: / }).waitFor({ timeout: 200_000 });
    expect(await figure(page, 'Measured here', 'Tiny dispatches a second')).toMatch(/^[\d,]+$/);
    expect(await figure(page, 'Measured here', 'Reading a number back')).toMatch(/^[\d.]+ ms$/);
    expect(await figure(page, 'Measured here', 'Training step, WebGPU')).toBe('–');
    await expect.poll(() => page.url()).toContain('#result=');

    await paste(page, encodeResult(contributed));
    await expect.poll(() => cards(page).count()).toBe(2);
    expect(await figure(page, 'From another', 'Tiny dispatches a second')).toMatch(/^[\d,]+ [\d.]+×$/);

    // The address is that of one's own card.
    await page.reload();
    await page.getByRole('article', { name: /^From the link: / }).waitFor();
    expect(await cards(page).count()).toBe(1);
  });

  it('says in a sentence what is wrong with what was pasted, and takes cards away again', async () => {
    const page = await browser.open(address());
    const problem = page.getByRole('alert');
    await paste(page, 'hello');
    await expect.poll(() => problem.textContent()).toContain('neither a card’s link nor its JSON');
    await paste(page, '{"adapter": "mine", "rounds": -1}');
    await expect.poll(() => problem.textContent()).toContain('at rounds');
    await paste(page, encodeResult(contributed).slice(0, -30));
    await expect.poll(() => problem.textContent()).toContain('The link is damaged');
    expect(await cards(page).count()).toBe(0);
    await paste(page, json);
    await expect.poll(() => cards(page).count()).toBe(1);
    expect(await problem.isVisible()).toBe(false);
    await page.getByRole('button', { name: 'Remove' }).click();
    await expect.poll(() => cards(page).count()).toBe(0);
  });

  it('shows contributed cards, gives their JSON, and is as accessible as the page', async () => {
    const page = await browser.open(address());
    await page.getByRole('button', { name: contributed.adapter }).click();
    const saved = page.waitForEvent('download');
    await page.getByRole('button', { name: 'Download JSON' }).click();
    expect(readFileSync(await (await saved).path(), 'utf8')).toBe(json.trimEnd());
    expect(await violations(page)).toEqual([]);
  });
});
