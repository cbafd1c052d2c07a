import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { restart } from './controls';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser();

/** Each box, and what its door shows. */
const doors = [
  ['Teacher’s image tower', 'uₜ = normalise(f of the teacher(x))', 'Where the teacher looks'],
  ['Student’s image tower', 'uₛ = normalise(P(f of the student(x)))', 'Where the student looks'],
  ['Teacher’s text tower', 'W = normalise(f of the texts)', 'First choices'],
  ['Projector P', 'P(h) = W₂ ReLU(batch norm(W₁ h + b₁)) + b₂', 'Layers of the projector'],
  ['IFAlign', 'L mean = mean of |μₛ − μₜ| over the features', 'Spread of the variances'],
  ['EduAttention', 'fₑ = normalise(α times f att + uₛ)', 'EduAttention’s weights over the texts'],
  ['Refinement', 'L KD = τ² times KL', 'Probabilities of the texts'],
  [
    'Teacher’s qt logits',
    'qₜ = s times uₜ W transposed',
    'Similarity of images and texts, student − teacher',
  ],
  ['Student’s qs logits', 'qₛ = s times fₑ W transposed', 'Similarity of images and texts, teacher'],
] as const;

async function openPage(options = {}): Promise<Page> {
  const page = await browser.open(fakeUrl, options);
  await page.getByText('after step 0').waitFor();
  return page;
}

const box = (page: Page, name: string) =>
  page.getByRole('region', { name: 'Distillation' }).getByRole('button', { name, exact: true });

it('opens every box by keyboard on its formula and its picture, and closes it', async () => {
  const page = await openPage();
  const inspect = page.getByRole('region', { name: 'Inspect', exact: true });
  for (const [name, formula, picture] of doors) {
    await box(page, name).press('Enter');
    await inspect.getByRole('figure', { name: formula }).waitFor();
    await inspect.getByLabel(picture).first().waitFor();
    expect(await box(page, name).getAttribute('aria-expanded'), name).toBe('true');
    const overflow = await inspect.evaluate((panel) => [
      panel.scrollWidth - panel.clientWidth,
      panel.scrollHeight - panel.clientHeight,
    ]);
    expect(overflow, name).toEqual([0, 0]);
  }
  await inspect.getByRole('button', { name: 'back to the predictions' }).click();
  await inspect.getByRole('list').first().waitFor();
  expect(await inspect.getByRole('figure').count()).toBe(0);
});

it('has doors that can be read', async () => {
  const page = await openPage();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  for (const [name, formula] of doors) {
    await box(page, name).click();
    await page.getByRole('figure', { name: formula }).waitFor();
    expect(await violations(page), name).toEqual([]);
  }
});

it('explains a symbol with its shape and value, and sets this step’s numbers', async () => {
  const page = await openPage();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await box(page, 'EduAttention').click();
  const alpha = page.getByRole('img', { name: /^α: how much of the attention/ });
  await alpha.focus();
  await page.getByText(/^α: how much .* now 0\.00\d\d$/).waitFor();
  await page.getByRole('img', { name: /^Q: queries.*, \d+×128$/ }).waitFor();
  await page
    .getByRole('img', { name: /^f att: what the attention gathers/ })
    .first()
    .waitFor();
  await box(page, 'Projector P').click();
  for (const name of [/^b₁: bias of the first/, /^b₂: bias of the second/, /^BN: batch normalisation: each/])
    await page.getByRole('img', { name }).waitFor();
  await box(page, 'Refinement').click();
  const kl = await page.getByLabel('KL', { exact: true }).textContent();
  await page
    .getByRole('region', { name: 'Inspect', exact: true })
    .locator('.katex-html', { hasText: kl ?? 'no KL' })
    .first()
    .waitFor();
});

it('reads single cells of the similarity matrices, and follows an image from there', async () => {
  const page = await openPage();
  await box(page, 'Student’s qs logits').click();
  const followed = page.getByRole('region', { name: 'Followed image' });
  await followed.getByText('image 1 of 40').waitFor();
  await page.getByLabel(/^Similarity of images and texts, student;/).focus();
  // Rows are sorted by text: the second image of the first text comes next.
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('ArrowRight');
  await page.getByText('image sea otter, text peacock').waitFor();
  await page.keyboard.press('Enter');
  await followed.getByText('image 21 of 40').waitFor();
  await followed.getByRole('button', { name: 'Next image' }).click();
  await followed.getByText('image 22 of 40').waitFor();
});

it('shows the gradients of a single step, of what is switched on alone', async () => {
  const page = await openPage();
  expect(await page.locator('[class*=gradients]').count()).toBe(0);
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.locator('[class*=gradients]').waitFor({ state: 'attached' });
  expect(await page.locator('[class*=gradients] path').count()).toBe(6);
  await page.getByRole('button', { name: 'Play', exact: true }).click();
  await page.locator('[class*=gradients]').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Pause', exact: true }).click();
  await page.getByRole('switch', { name: 'IFAlign' }).click();
  await restart(page);
  await page.getByText('after step 0').waitFor();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await expect.poll(() => page.locator('[class*=gradients] path').count()).toBe(5);
});

it('moves nothing where less motion is wanted', async () => {
  const page = await openPage({ isMoving: true });
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  await page.locator('[class*=gradients]').waitFor({ state: 'attached' });
  const animations = () =>
    page.evaluate(
      () => document.querySelector('svg:has(marker)')?.getAnimations({ subtree: true }).length ?? Number.NaN,
    );
  await expect.poll(animations).toBeGreaterThan(0);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await expect.poll(animations).toBe(0);
});

it('finds predictions by words and by what went wrong', async () => {
  const page = await openPage();
  const inspect = page.getByRole('region', { name: 'Inspect', exact: true });
  const cards = inspect.locator('[data-chosen]');
  expect(await cards.count()).toBe(40);
  await inspect.getByRole('combobox', { name: 'Show' }).selectOption('student wrong');
  const wrong = await cards.count();
  expect(wrong).toBeLessThan(40);
  expect(await inspect.getByText('student wrong', { exact: true }).count()).toBeGreaterThan(wrong / 2);
  await inspect.getByRole('combobox', { name: 'Show' }).selectOption('all images');
  await inspect.getByRole('searchbox', { name: 'Search the predictions' }).fill('test/12.png rocket');
  await inspect.getByText('No image here is like that.').or(cards.first()).waitFor();
  await inspect.getByRole('searchbox', { name: 'Search the predictions' }).fill('test/14.png rocket');
  await cards.first().waitFor();
  expect(await cards.count()).toBe(1);
});

it('reads bars one by one, with units on their axis', async () => {
  const page = await openPage();
  await box(page, 'EduAttention').click();
  await page.getByText(/^attention for “.*”; dashed: 1\/N = 5\.0 %$/).waitFor();
  await box(page, 'Refinement').click();
  const bars = page.getByRole('slider', { name: /^Probabilities of the texts;/ });
  await bars.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  expect(await bars.getAttribute('aria-valuenow')).toBe('3');
  expect(await bars.getAttribute('aria-valuetext')).toMatch(
    /^crocodile, teacher \d+\.\d %, student \d+\.\d %$/,
  );
  const inspect = page.getByRole('region', { name: 'Inspect', exact: true });
  await inspect
    .getByText(/^\d+ %$/)
    .first()
    .waitFor({ state: 'attached' });
  // A bar chooses its image.
  await page.getByRole('slider', { name: /^KL of each image/ }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('region', { name: 'Followed image' }).getByText('image 2 of 40').waitFor();
});

it('explains numbers by their formulas, to the pointer and to the focus', async () => {
  const page = await openPage();
  await page.getByRole('button', { name: 'Step', exact: true }).click();
  const results = page.getByRole('region', { name: 'Results', exact: true });
  const tip = page.getByRole('tooltip');
  await results.getByText('ComKD paused').waitFor();
  // The loss's chart comes before the list of runs, which has the same figure.
  await results.getByRole('button', { name: 'KL', exact: true }).first().focus();
  const kl = await page.getByLabel('KL', { exact: true }).textContent();
  await tip.filter({ hasText: `= ${kl}; τ = 1, qₜ and qₛ 32×20` }).waitFor();
  await page.getByLabel('images per second', { exact: true }).hover({ force: true });
  await tip.filter({ hasText: /^batch \/ seconds a step = 32 \// }).waitFor();
  await box(page, 'IFAlign').focus();
  await tip.filter({ hasText: 'over 128 features' }).waitFor();
});
