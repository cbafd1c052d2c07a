import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><circle cx="4" cy="4" r="3"/></svg>';
const picture = { name: 'my otter.svg', mimeType: 'image/svg+xml', buffer: Buffer.from(svg) };

async function openAsk(options = {}) {
  const page = await browser.open(`${fakeUrl}?speed=100`, options);
  await page.getByText('after step 0').waitFor({ state: 'attached' });
  const inspect = page.getByRole('region', { name: 'Inspect', exact: true });
  await inspect.getByRole('radio', { name: 'Ask', exact: true }).check({ force: true });
  const answers = (model: string) => inspect.getByRole('list', { name: `${model}’s answers` });
  return { page, inspect, answers };
}

/** Brings a file to an element as a drop does, or as pasting does. */
const give = (page: Page, type: 'drop' | 'paste', name: string, content: string, mime: string) =>
  page.getByRole('region', { name: 'Ask both models' }).evaluate(
    (target, file) => {
      const data = new DataTransfer();
      data.items.add(new File([file.content], file.name, { type: file.mime }));
      const options = { bubbles: true, cancelable: true };
      target.dispatchEvent(
        file.type === 'drop'
          ? new DragEvent('drop', { ...options, dataTransfer: data })
          : new ClipboardEvent('paste', { ...options, clipboardData: data }),
      );
    },
    { type, name, content, mime },
  );

it('asks both models about the followed image, with typed texts, before and while they train', async () => {
  const { page, inspect, answers } = await openAsk();
  await inspect.getByText('followed by the figure').waitFor();
  expect(await answers('Teacher').getByRole('listitem').first().innerText()).toMatch(/1\s+sea otter\s+\d/);
  expect(await answers('Student').getByRole('listitem').count()).toBe(5);
  await inspect.getByRole('textbox', { name: 'Texts to ask, one a line' }).fill('a dog in a hat\nowl');
  await answers('Teacher').getByTitle('“an emoji of a dog in a hat”').getByText('typed').waitFor();
  await inspect.getByRole('checkbox', { name: 'typed as “an emoji of …”' }).uncheck();
  await answers('Teacher').getByTitle('“a dog in a hat”').waitFor();
  await inspect.getByRole('checkbox', { name: 'and the data’s own texts' }).uncheck();
  await expect.poll(() => answers('Student').getByRole('listitem').count()).toBe(2);
  await inspect.getByRole('textbox', { name: 'Texts to ask, one a line' }).fill('owl');
  await answers('Student')
    .getByText(/cosine -?0\.\d/)
    .waitFor();
  await inspect.getByRole('textbox', { name: 'Texts to ask, one a line' }).fill('');
  await inspect.getByText('Type a text, or ask with the data’s own.').waitFor();
  await inspect.getByRole('checkbox', { name: 'and the data’s own texts' }).check();
  await inspect
    .getByRole('status')
    .getByText(/^Teacher: sea otter, .* Student: /)
    .waitFor();
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await inspect.getByText(/^After step [1-9]\d\d/).waitFor();
  expect(await answers('Student').getByRole('listitem').first().innerText()).toContain('sea otter');
  // One quantity reads the same wherever it stands.
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  const figure = page.getByRole('region', { name: 'Distillation', exact: true });
  await figure.getByText(/^Δμ/).waitFor();
  const alpha = page.getByLabel('alpha', { exact: true });
  const asInFigure = async () =>
    (await inspect.innerText()).includes(`with α = ${await alpha.textContent()}.`);
  await expect.poll(asInFigure).toBe(true);
});

it('takes an image by the file input, a drop and the clipboard, and goes back', async () => {
  const { page, inspect, answers } = await openAsk();
  const region = page.getByRole('region', { name: 'Ask both models' });
  await inspect.getByLabel('An image to ask about').setInputFiles(picture);
  await region.getByRole('img', { name: 'my otter.svg' }).waitFor();
  await expect.poll(() => answers('Teacher').getByRole('listitem').first().innerText()).toMatch(/sea otter/);
  await give(page, 'drop', 'dropped.svg', svg, 'image/svg+xml');
  await region.getByRole('img', { name: 'dropped.svg' }).waitFor();
  await give(page, 'paste', 'pasted.svg', svg, 'image/svg+xml');
  await region.getByRole('img', { name: 'pasted.svg' }).waitFor();
  // Chromium itself shows no HEIC.
  await inspect.getByLabel('An image to ask about').setInputFiles('test/fixtures/pattern.heic');
  const widthOf = (image: Element) => (image instanceof HTMLImageElement ? image.naturalWidth : 0);
  const phones = region.getByRole('img', { name: 'pattern.heic' });
  await expect.poll(() => phones.evaluate(widthOf)).toBeGreaterThan(0);
  // None of it was taken for data.
  await page.getByText('Emoji by seven artists').first().waitFor();
  expect(await page.getByText('Back to the demo').count()).toBe(0);
  await inspect.getByRole('button', { name: 'back to the data’s' }).click();
  await region.getByRole('img', { name: 'sea otter' }).waitFor();
});

it('says in one sentence what is wrong with a picture, and takes the next one', async () => {
  const { page, inspect, answers } = await openAsk();
  await give(page, 'drop', 'notes.png', 'these are notes', 'image/png');
  const alert = inspect.getByRole('alert');
  await alert.getByText('notes.png can’t be read').or(alert.getByText("notes.png can't be read")).waitFor();
  expect(await answers('Teacher').count()).toBe(0);
  await inspect.getByLabel('An image to ask about').setInputFiles(picture);
  await answers('Teacher').getByRole('listitem').first().waitFor();
  expect(await alert.count()).toBe(0);
  await inspect.getByRole('textbox', { name: 'Texts to ask, one a line' }).fill('very long '.repeat(40));
  await inspect.getByText(/is longer than the teacher reads; its end was cut off/).waitFor();
});

it('finds images for a text with both models, and asks about one of them', async () => {
  const { page, inspect, answers } = await openAsk();
  await inspect.getByRole('radio', { name: 'Text to images' }).check({ force: true });
  await inspect.getByRole('button', { name: 'hedgehog' }).click();
  const images = (model: string) => inspect.getByRole('list', { name: `${model}’s images` });
  await images('Student').getByRole('listitem').nth(9).waitFor();
  await images('Teacher')
    .getByRole('button', { name: /^1\. .*hedgehog, right; student: \d+\./ })
    .waitFor();
  await inspect.getByText('recall@10: 2 of 2').first().waitFor();
  await inspect.getByText('for “an emoji of hedgehog”').waitFor();
  await inspect
    .getByRole('status')
    .getByText(/^Teacher’s first: .*hedgehog/)
    .waitFor();
  await inspect.getByLabel('Find images for a text').fill('something with wings');
  await inspect.getByText('which is none of the data’s own texts').waitFor();
  expect(await inspect.getByText('recall@10').count()).toBe(0);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await images('Teacher').getByRole('button').nth(2).click();
  await answers('Teacher').getByRole('listitem').first().waitFor();
  await inspect.getByRole('button', { name: 'back to the data’s' }).waitFor();
});

it('can be read and fits', async () => {
  for (const size of [
    { width: 1440, height: 900 },
    { width: 1024, height: 768 },
  ]) {
    const { page, inspect } = await openAsk(size);
    const region = page.getByRole('region', { name: 'Ask both models' });
    const fits = () =>
      region.evaluate((panel) => [
        panel.scrollWidth - panel.clientWidth,
        panel.scrollHeight - panel.clientHeight,
      ]);
    await inspect.getByRole('textbox', { name: 'Texts to ask, one a line' }).fill('a dog in a hat\nowl');
    await inspect.getByText('typed', { exact: true }).first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await fits()).toEqual([0, 0]);
    await inspect.getByRole('radio', { name: 'Text to images' }).check({ force: true });
    await inspect.getByLabel('Find images for a text').fill('hedgehog');
    await inspect.getByText('recall@10: 2 of 2').first().waitFor();
    expect(await violations(page)).toEqual([]);
    expect(await fits()).toEqual([0, 0]);
  }
});
