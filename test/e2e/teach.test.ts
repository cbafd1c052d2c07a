import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { button, dialog, field, region, type } from './controls';
import { outputNumber, useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

const stage = (page: Page) => region(page, 'Before distillation');

async function openStage(page: Page, name: string): Promise<void> {
  await page.getByText('after step 0').waitFor();
  await region(page, 'Models').getByRole('button', { name: 'Change' }).click();
  await dialog(page, 'Models').getByRole('button', { name }).click();
  await stage(page).waitFor();
}

it('makes a teacher of the one in use as a stage before Play, which can be cancelled, taken and distilled from', async () => {
  const page = await browser.open(`${fakeUrl}?speed=60`);
  await openStage(page, 'Make a teacher from this data');
  // What is not known yet is said in words.
  await expect.poll(() => stage(page).getByText('not measured yet').count()).toBe(2);
  expect(await stage(page).textContent()).not.toContain('–');
  expect(await violations(page)).toEqual([]);
  expect(await field(page, 'Teacher’s learning rate').inputValue()).toBe('5e-4');
  await type(page, 'Teacher’s length in steps', '500');
  await stage(page).getByRole('button', { name: 'Make it' }).click();
  await stage(page).getByText('Making a teacher').waitFor();
  await page.getByLabel('Contrastive loss').waitFor();
  expect(await outputNumber(page, 'accuracy before')).toBe(15);
  await stage(page).getByRole('button', { name: 'Cancel' }).click();
  await stage(page).getByRole('alert').getByText('It was cancelled; the teacher is as it was.').waitFor();
  await type(page, 'Teacher’s length in steps', '20');
  await stage(page).getByRole('button', { name: 'Make it' }).click();
  await button(page, 'Use it and distil').waitFor();
  expect(await outputNumber(page, 'accuracy after')).toBe(90);
  expect(await violations(page)).toEqual([]);
  const download = page.waitForEvent('download');
  await button(page, 'Save it').click();
  expect((await download).suggestedFilename()).toMatch(/ teacher\.zip$/);
  await button(page, 'Use it and distil').click();
  await stage(page).waitFor({ state: 'detached' });
  await region(page, 'Distillation').waitFor();
  await button(page, 'Pause').waitFor();
  await region(page, 'Models').locator('[title$="teacher.zip"]').waitFor();
});

it('adapts the teacher by prompts as a stage before Play, distils from it, and leaves the prompts out again', async () => {
  const page = await browser.open(`${fakeUrl}?speed=60`);
  await openStage(page, 'Adapt it by prompts (Stage I)');
  expect(await field(page, 'Length in epochs').inputValue()).toBe('20');
  await stage(page).getByRole('button', { name: 'Adapt it' }).click();
  await stage(page).getByText('Adapting the teacher').waitFor();
  await button(page, 'Use it and distil').waitFor();
  expect([await outputNumber(page, 'accuracy before'), await outputNumber(page, 'accuracy after')]).toEqual([
    15, 45,
  ]);
  await stage(page)
    .getByText(/^30\.0 points gained in \d+ images that it doesn’t learn from$/)
    .waitFor();
  expect(await violations(page)).toEqual([]);
  await button(page, 'Use it and distil').click();
  await stage(page).waitFor({ state: 'detached' });
  await button(page, 'Pause').waitFor();
  await region(page, 'Models').getByText('adapted').waitFor();
  await region(page, 'Models').getByRole('button', { name: 'Change' }).click();
  await dialog(page, 'Models')
    .getByRole('button', { name: /^Leave .+ prompts\.safetensors out$/ })
    .click();
  await region(page, 'Models').getByText('adapted').waitFor({ state: 'detached' });
});
