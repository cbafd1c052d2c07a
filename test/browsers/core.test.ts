import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, inject, it } from 'vitest';
import { forms } from '../dropForms';
import { openPage, settings } from './open';
import {
  button,
  click,
  fill,
  labelled,
  output,
  type Page,
  read,
  region,
  savedZip,
  text,
  untilReady,
  untilStep,
  waitFor,
} from './page';

const drop = await mkdtemp(join(tmpdir(), 'drop-'));
afterAll(() => rm(drop, { recursive: true }));

const length = labelled('Length in steps, typed');
const refinement = '//*[@role="switch"][@aria-label="Refinement" or normalize-space(.)="Refinement"]';

/** What was seen in each setting, as docs/browsers.md tells it. */
const seen: {
  browser: string;
  device: string;
  loss: number;
  imagesPerSecond: number;
  keepsFiles: boolean;
}[] = [];

it.each(settings)('$name: plays, opens a box, exports, resumes, shares, takes a drop', async (setting) => {
  const page = await openPage(setting, inject('pageUrl') + setting.search);
  await untilReady(page);
  await fill(page, length, '30');
  await click(page, button('Play'));
  await untilStep(page, 30);
  await waitFor(page, `${region('Results')}${text('finished')}`, 180_000);
  seen.push({
    browser: page.browser,
    device: await read(page, '//*[contains(@class, "device")]'),
    loss: await output(page, 'total loss'),
    imagesPerSecond: await output(page, 'images per second'),
    keepsFiles: await page.evaluate(() => 'storage' in navigator && 'getDirectory' in navigator.storage),
  });

  expect(await offTheirLine(page)).toEqual([]);

  await click(page, button('IFAlign'));
  await waitFor(page, `${region('Inspect')}//figure`);

  await click(page, button('Export student'));
  expect(Object.keys(await savedZip(page))).toEqual(
    expect.arrayContaining(['run.json', 'student/model.safetensors']),
  );

  // What the export weighs is told in a panel over the page, until something else is pressed.
  await click(page, `${region('Method')}//h2`);
  await click(page, refinement);
  await click(page, button('Share'));
  await expect.poll(() => page.evaluate(() => location.hash)).toMatch(/^#run=/);
  await page.reload();
  await expectSettings(page);
  await waitFor(page, button('1 earlier…'));
  const other = await openPage(setting, await page.evaluate(() => location.href));
  await expectSettings(other);

  await page.choose(labelled('Images and captions'), await shards());
  await waitFor(page, `${region('Data')}${text('10 images')}`);
  await click(page, button('Play'));
  await untilStep(page, 1);
  expect(await output(page, 'total loss')).toBeGreaterThan(0);
  expect(await read(page, '//*[contains(@class, "is-problem")]')).toBe('');
});

it('the numbers of all agree', () => {
  console.table(seen);
  const losses = seen.map(({ loss }) => loss);
  expect(losses).toHaveLength(settings.length);
  expect(Math.max(...losses) / Math.min(...losses)).toBeLessThan(1.01);
});

async function expectSettings(page: Page): Promise<void> {
  await untilReady(page);
  expect(await read(page, length)).toBe('30');
  await waitFor(page, `${refinement}[@aria-checked="false"]`);
}

/** Live numbers that stand more than 2 pixels above or below the text beside them. */
const offTheirLine = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const off: string[] = [];
    for (const output of document.querySelectorAll('output')) {
      const beside = output.previousSibling?.textContent?.trim()
        ? output.previousSibling
        : output.nextSibling;
      if (!beside?.textContent?.trim() || !output.checkVisibility()) continue;
      const [top, topBeside] = [output, beside].map((node) => {
        const range = document.createRange();
        range.selectNodeContents(node);
        return range.getBoundingClientRect().bottom;
      });
      if (Math.abs(top - topBeside) > 2) off.push(`${output.ariaLabel}: ${top - topBeside} px`);
    }
    return off;
  });

/** A data set as files to drop. */
async function shards(): Promise<string[]> {
  const { files } = forms['a WebDataset of two shards'];
  const paths = Object.entries(files).map(async ([name, content]) => {
    await writeFile(join(drop, name), content);
    return join(drop, name);
  });
  return Promise.all(paths);
}
