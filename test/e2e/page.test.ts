import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const button = (name: string) => ({ name, exact: true });

it('has the names that people and tools find things by, each once', async () => {
  const page = await browser.open(fakeUrl);
  for (const name of ['Data', 'Models', 'Method', 'Distillation', 'Inspect', 'Results']) {
    expect(await page.getByRole('region', button(name)).count(), name).toBe(1);
  }
  for (const name of ['Play', 'Step', 'Reset', 'Share', 'Export student', 'Drop images and captions']) {
    expect(await page.getByRole('button', button(name)).count(), name).toBe(1);
  }
  for (const name of ['IFAlign', 'EduAttention', 'Refinement']) {
    expect(await page.getByRole('switch', button(name)).count(), name).toBe(1);
  }
  await page.getByRole('button', button('Step')).click();
  await page.getByText('after step 0').waitFor();
  for (const name of [
    'step',
    'images per second',
    'total loss',
    'KL',
    'mean',
    'variance',
    'alpha',
    'teacher accuracy',
    'student accuracy',
  ]) {
    const output = page.getByLabel(name, { exact: true });
    expect(await output.count(), name).toBe(1);
    expect(await output.evaluate((element) => element.tagName), name).toBe('OUTPUT');
  }
});

it('shows everything on one screen of 1440 × 900, and is as wide as the window from a projector to a phone', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  const overflow = await page.evaluate(() => ({
    page: [
      document.documentElement.scrollWidth - innerWidth,
      document.documentElement.scrollHeight - innerHeight,
    ],
    panels: [...document.querySelectorAll('.panel')]
      .filter((panel) => panel.scrollWidth > panel.clientWidth || panel.scrollHeight > panel.clientHeight)
      .map((panel) => panel.className),
  }));
  expect(overflow).toEqual({ page: [0, 0], panels: [] });
  for (const width of [1920, 1280, 1024, 390]) {
    await page.setViewportSize({ width, height: 900 });
    await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBe(width);
  }
});

it('has texts that can be read', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByRole('button', button('Step')).click();
  await page.getByText('after step 0').waitFor();
  expect(await violations(page)).toEqual([]);
});

it('keeps a Play that comes before the models do, and pauses', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByRole('button', button('Play')).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 3);
  await page.getByRole('button', button('Pause')).click();
  await page.getByRole('region', button('Results')).getByText('paused').waitFor();
  const paused = await outputNumber(page, 'step');
  await page.getByRole('button', button('Step')).click();
  await expect.poll(() => outputNumber(page, 'step')).not.toBe(paused);
  expect(await outputNumber(page, 'step')).toBe(paused + 1);
});

it('is played from the keyboard', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  // Nothing is lost yet, and nothing is asked.
  await page.keyboard.press('r');
  await page.getByText('after step 0').waitFor();
  await page.keyboard.press('.');
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '1');
  // One is spoken of as one.
  const question = page.getByRole('dialog', { name: 'Start again?' });
  await page.keyboard.press('r');
  await question.getByText('the student as it is after 1 step, which is saved nowhere').waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await page.keyboard.press(' ');
  await page.getByRole('button', button('Pause')).waitFor();
  // One press too many would throw the student away.
  await page.keyboard.press('r');
  await question.getByText(/the student as it is after \d+ steps?, which is saved nowhere/).waitFor();
  await page.keyboard.press('Escape');
  await question.waitFor({ state: 'detached' });
  await page.getByRole('button', button('Reset')).click();
  await question.getByRole('button', { name: 'Start again' }).click();
  await page
    .getByText('1 step')
    .or(page.getByText(/\d+ steps/))
    .first()
    .waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Help' }).waitFor();
});

it('has the browser ask before a tab with a trained student is closed', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  const asks = () => page.evaluate(() => !dispatchEvent(new Event('beforeunload', { cancelable: true })));
  expect(await asks()).toBe(false);
  await page.getByRole('button', button('Reset')).click();
  await page.getByText('after step 0').waitFor();
  await page.keyboard.press('.');
  await page.waitForFunction(() => document.querySelector('output')?.textContent === '1');
  expect(await asks()).toBe(true);
});

it('lets a changed setting wait for a restart, and keeps the run before it', async () => {
  const page = await browser.open(`${fakeUrl}?speed=60`);
  await page.getByRole('button', button('Play')).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 12);
  const part = page.getByRole('switch', { name: 'IFAlign' });
  await part.click();
  // The box goes on as the run does, says so, and restarts.
  const waiting = page.getByRole('button', {
    name: 'IFAlign: off from the next restart. Restart now',
    exact: true,
  });
  await waiting.waitFor();
  const box = page.locator('[data-box="ifalign"]');
  expect(await box.getAttribute('data-off')).toBe('false');
  await part.click();
  await waiting.waitFor({ state: 'detached' });
  await part.click();
  await waiting.click();
  const results = page.getByRole('region', button('Results'));
  await results.getByText('without IFAlign running').waitFor();
  await results.getByText(/ComKD \d+ steps/).waitFor();
  expect(await box.getAttribute('data-off')).toBe('true');
  expect(await waiting.count()).toBe(0);
  expect(await page.getByRole('button', button('Apply and restart')).count()).toBe(0);
});

it('keeps one part to learn from, says why, and goes on', async () => {
  const page = await browser.open(`${fakeUrl}?speed=60`);
  await page.getByRole('button', button('Play')).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 3);
  await page.getByRole('switch', { name: 'IFAlign' }).click();
  const refinement = page.getByRole('switch', { name: 'Refinement' });
  await refinement.click();
  await page
    .getByRole('alert')
    .getByText(/are both off, so there is nothing to learn from/)
    .waitFor();
  expect(await refinement.getAttribute('aria-checked')).toBe('true');
  await page.getByRole('button', button('Apply and restart')).click();
  await page.getByRole('region', button('Results')).getByText('without IFAlign running').waitFor();
});

it('shows the boxes and sliders of the chosen method, and the terms of one that has none of its own', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  const method = page.getByRole('combobox', { name: 'Learns by' });
  await method.selectOption('promptkd');
  await page.getByRole('button', button('Refinement')).waitFor();
  expect(await page.locator('[data-box="edu"], [data-box="ifalign"]').count()).toBe(0);
  expect(await page.getByRole('slider', { name: 'Weight of IFAlign' }).count()).toBe(0);
  await method.selectOption('none');
  expect(await page.getByRole('slider', { name: 'Temperature τ' }).count()).toBe(0);
  await page.locator('[data-box="loss"]').getByRole('button', button('Loss')).click();
  await page
    .getByRole('region', button('Inspect'))
    .getByText(/^Cross-entropy of the right texts:/)
    .waitFor();
});

it('says what a drop held, and what is wrong with one that held nothing', async () => {
  const page = await browser.open(fakeUrl);
  await page.getByText('after step 0').waitFor();
  const input = page.locator('input[type=file]').first();
  const file = (name: string) => ({ name, mimeType: '', buffer: Buffer.from('x') });
  await input.setInputFiles([file('notes.txt')]);
  await page.getByRole('alert').getByText('notes.txt: no images found').waitFor();
  await input.setInputFiles([file('pictures.zip')]);
  const data = page.getByRole('region', button('Data'));
  await data.getByText('40 images, 40 pairs').waitFor();
  await data.getByText('2 files skipped').click();
  await page.getByRole('dialog').getByText('is not an image').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);

  await page.keyboard.press('Escape');
  // What can't be trained on is what the page shows and what Play speaks of, until it goes.
  await page.getByRole('button', button('Back to the demo')).click();
  await page.getByText('after step 0').waitFor();
  await input.setInputFiles([file('single.zip')]);
  const refusal = page.getByRole('alert').getByText('single.zip has 1 image to train on');
  await refusal.waitFor();
  for (const press of ['Play', 'Step', 'Reset']) {
    await page.getByRole('button', button(press)).click();
    await refusal.waitFor();
    await page.getByRole('region', button('Results')).getByText('ComKD failed').waitFor();
    await data.getByText('1 image, 1 pair').waitFor();
    expect(await outputNumber(page, 'step'), press).toBe(0);
  }
  await page.getByRole('button', button('Back to the demo')).click();
  await page.getByText('after step 0').waitFor();
  expect(await page.getByRole('alert').count()).toBe(0);
  await page.getByRole('button', button('Play')).click();
  await page.waitForFunction(() => Number(document.querySelector('output')?.textContent) >= 2);
  await page.getByRole('button', { name: 'All runs…' }).click();
  await page.getByRole('dialog').getByText('the run of now; Emoji by seven artists').waitFor();
  expect(await page.getByRole('dialog').getByRole('row').count()).toBe(2);
});

it('says that WebGPU is not used and how to switch it on', async () => {
  const page = await browser.open(`${fakeUrl}?wasm`);
  await page.getByRole('button', button('Why not WebGPU?')).click();
  await page.getByText('WebAssembly is used instead of WebGPU').waitFor();
  await page.getByText('flags').waitFor();
});
