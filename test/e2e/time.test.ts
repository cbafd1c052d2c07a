import { expect, inject, it } from 'vitest';
import { button, field, region } from './controls';
import { outputNumber, useBrowser } from './setup';
import { linkOf, untilStep } from './surviving';

const browser = useBrowser();

it('goes back through a run: all of the page shows the student as it was, and a fork trains on from there', async () => {
  const page = await browser.open(`${inject('pageUrl')}?backend=wasm${linkOf(400)}`);
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  const slider = page.getByRole('slider', { name: 'Moment of the run' });
  expect(await slider.getAttribute('data-disabled')).toBe('');
  for (let step = 1; step <= 4; step++) {
    await button(page, 'Step').click();
    await untilStep(page, step);
    const place = step === 1 ? '1' : String(step - 1);
    await expect.poll(() => slider.getAttribute('aria-valuemax'), { timeout: 60_000 }).toBe(place);
  }
  const inspect = region(page, 'Inspect');
  const lossNow = await outputNumber(page, 'total loss');

  await slider.press('Home');
  await inspect.getByText('after step 1').waitFor();
  expect(await slider.getAttribute('aria-valuetext')).toBe('after step 1');
  const lossThen = await outputNumber(page, 'total loss');
  expect(lossThen).not.toBe(lossNow);
  for (const [key, step] of [
    ['ArrowRight', 2],
    ['ArrowRight', 3],
    ['ArrowLeft', 2],
  ] as const) {
    await slider.press(key);
    await inspect.getByText(`after step ${step}`).waitFor();
    expect(await outputNumber(page, 'step')).toBe(step);
  }
  await inspect.getByLabel('Compare with').selectOption({ label: 'now: step 4' });
  await inspect
    .getByText(/^\d+ of 44 answers differ: \d+ right only with step 2, \d+ with step 4$/)
    .waitFor();
  const [differing, all] = (await inspect.getByText('answers differ').innerText()).match(/\d+/g) ?? [];
  const cards = inspect.getByRole('listitem').filter({ has: page.getByRole('img') });
  await expect.poll(() => cards.count()).toBe(Number(all));
  for (const name of ['Student, step 2', 'Student, step 4'])
    expect(await cards.first().getByRole('list', { name }).getByRole('listitem').count()).toBe(3);
  await inspect.getByLabel('only these').check();
  await expect.poll(() => cards.count()).toBe(Number(differing));
  await inspect.getByText('Features map', { exact: true }).click();
  await expect
    .poll(() => outputNumber(page, 'Mean distance, compared'), { timeout: 60_000 })
    .toBeGreaterThan(0);
  await inspect.getByText('UMAP', { exact: true }).click();
  await inspect.getByRole('button', { name: 'Compute UMAP' }).click();
  await inspect.getByText('distances between groups mean little').waitFor({ timeout: 60_000 });
  expect(await outputNumber(page, 'Mean distance, compared')).toBeGreaterThan(0);
  await inspect.getByLabel('Compare with').selectOption({ label: 'nothing' });
  await expect.poll(() => inspect.getByLabel('Mean distance, compared').count()).toBe(0);
  await inspect.getByLabel('Compare with').selectOption({ label: 'now: step 4' });
  await inspect.getByText('distances between groups mean little').waitFor();
  await inspect.getByText('PCA', { exact: true }).click();

  await button(page, 'Now').click();
  await inspect.getByText('after step 4').waitFor();
  const apart = async () =>
    (await outputNumber(page, 'Mean distance')) - (await outputNumber(page, 'Mean distance, compared'));
  await expect.poll(apart).toBe(0);
  expect(await outputNumber(page, 'total loss')).toBe(lossNow);

  await slider.press('Home');
  await inspect.getByText('after step 1').waitFor();
  await field(page, 'Learning rate').fill('0.01');
  await field(page, 'Learning rate').press('Enter');
  // A run under way takes another rate after 0.4 seconds; one that is looked back at leaves it to the fork.
  await page.waitForTimeout(600);
  await button(page, 'Fork').click();
  // Until then the steps are those of the run that is left.
  await region(page, 'Results')
    .getByTitle(/^rate 0.01 from step 1, /)
    .waitFor();
  await untilStep(page, 3);
  await button(page, 'Pause').click();
  await region(page, 'Results').getByText('paused').waitFor();
  expect(await outputNumber(page, 'step')).toBeGreaterThan(2);
  const other = region(page, 'Results').getByRole('checkbox', { name: /4 steps, in the charts/ });
  expect(await other.isChecked()).toBe(true);

  await region(page, 'Results')
    .getByTitle(/^rate 0.01 from step 1, paused/)
    .waitFor();
  // What was put beside stays there, now as another run.
  await inspect.getByText(/^with .+, step 4$/).waitFor();
  await inspect.getByText('Predictions', { exact: true }).click();
  await inspect
    .getByText(/^\d+ of \d+ answers differ: \d+ right only with .+, step 4, \d+ with step \d+$/)
    .waitFor();
});
