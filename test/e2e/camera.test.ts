import type { Page } from 'playwright-core';
import { expect, inject, it } from 'vitest';
import { violations } from './accessibility';
import { serveElsewhere } from './serveElsewhere';
import { useBrowser } from './setup';

const fakeUrl = inject('fakeUrl');
const browser = useBrowser(['--use-fake-device-for-media-stream']);

/** A page that a person has let use the camera. */
async function openAllowed(url: string) {
  const page = await browser.open(url);
  await page.context().grantPermissions(['camera']);
  return page;
}

/** Whether the page has the camera running anywhere. */
const isFilming = (page: Page) =>
  page.evaluate(() => [...document.querySelectorAll('video')].some((video) => video.srcObject !== null));

it('takes pictures for classes while a button is held, by mouse or key, and they become data with a split by time', async () => {
  const page = await openAllowed(`${inject('pageUrl')}?backend=wasm`);
  await page.getByRole('button', { name: 'camera', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'Pictures from the camera' });
  await dialog.getByText('Take two pictures or more of two classes.').waitFor();
  await dialog.getByRole('radio', { name: '10' }).check({ force: true });
  await dialog.getByLabel('Name of class 1').fill('cup');
  const countOf = async (name: string) =>
    Number.parseInt(await dialog.getByRole('status', { name: `Pictures of ${name}` }).innerText(), 10);

  await dialog.getByRole('button', { name: 'Hold to take pictures of cup' }).hover();
  await page.mouse.down();
  await expect.poll(() => countOf('cup'), { timeout: 20_000 }).toBeGreaterThan(9);
  await page.mouse.up();
  await dialog.getByRole('button', { name: 'Hold to take pictures of class 2' }).focus();
  await page.keyboard.down('Space');
  await expect.poll(() => countOf('class 2'), { timeout: 20_000 }).toBeGreaterThan(4);
  await page.keyboard.up('Space');
  await dialog.getByText('Name each class that has pictures.').waitFor();
  await dialog.getByLabel('Name of class 2').fill('a green_jug');
  await dialog.getByRole('button', { name: 'Another class' }).click();
  await dialog.getByRole('button', { name: 'Remove class 3' }).click();

  await dialog.getByText(/^\d+ to train on, the latest \d+ to test on\./).waitFor();
  expect(await violations(page)).toEqual([]);
  const jugs = await countOf('a green_jug');
  await dialog.getByRole('button', { name: 'Delete picture 2 of a green_jug' }).click();
  expect(await countOf('a green_jug')).toBe(jugs - 1);
  const all = (await countOf('cup')) + jugs - 1;
  await dialog.getByRole('button', { name: `Use ${all} pictures` }).click();
  expect(await isFilming(page)).toBe(false);

  const data = page.getByRole('region', { name: 'Data', exact: true });
  await data.getByText(`${all} images`).waitFor();
  await data.getByRole('button', { name: 'Look closer' }).click();
  const review = page.getByRole('dialog');
  await review.getByText('metadata.jsonl names the images in its column file_name.').waitFor();
  await review.getByText('a green jug').first().waitFor();
});

it('answers what the camera sees in Ask, on and on, until it is stopped', async () => {
  const page = await openAllowed(`${fakeUrl}?speed=100`);
  await page.getByText('after step 0').waitFor({ state: 'attached' });
  const inspect = page.getByRole('region', { name: 'Inspect', exact: true });
  await inspect.getByRole('radio', { name: 'Ask', exact: true }).check({ force: true });
  await inspect.getByRole('button', { name: 'Camera' }).click();
  await inspect.getByText(/^\d+(\.\d)? answers a second$/).waitFor();
  const answers = inspect.getByRole('list', { name: 'Student’s answers' });
  expect(await answers.getByRole('listitem').count()).toBeGreaterThan(0);
  expect(await violations(page)).toEqual([]);
  await inspect.getByRole('button', { name: 'Stop the camera' }).click();
  await inspect.getByText('followed by the figure').waitFor();
  expect(await isFilming(page)).toBe(false);
});

it('says why there is no camera to be had: refused, absent, or not lent to a frame', async () => {
  const notes = `<!doctype html><link rel="icon" href="data:,">
    <iframe src="${fakeUrl}?speed=100" title="demo" width="1200" height="700"></iframe>`;
  const page = await browser.open(await serveElsewhere('text/html', notes));
  const frame = page.frameLocator('iframe');
  await frame.getByRole('button', { name: 'camera', exact: true }).click();
  await frame.getByText('This page lies in a frame that may not use the camera').waitFor();

  const other = await browser.open(`${fakeUrl}?speed=100`);
  await other.evaluate(() => {
    navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('x', 'NotFoundError'));
  });
  await other.getByRole('button', { name: 'camera', exact: true }).click();
  await other.getByText('No camera is connected to this machine.').waitFor();

  const refused = await browser.open(`${fakeUrl}?speed=100`);
  await refused.context().grantPermissions([]);
  await refused.getByRole('button', { name: 'camera', exact: true }).click();
  const dialog = refused.getByRole('dialog', { name: 'Pictures from the camera' });
  const sentence =
    'The browser may not use the camera: allow it beside the address of this page, and try again.';
  await dialog.getByText(sentence).waitFor();
  expect(await dialog.getByRole('button', { name: 'Hold to take pictures of class 1' }).isDisabled()).toBe(
    true,
  );
  await refused.keyboard.press('Escape');
  const inspect = refused.getByRole('region', { name: 'Inspect', exact: true });
  await inspect.getByRole('radio', { name: 'Ask', exact: true }).check({ force: true });
  await inspect.getByRole('button', { name: 'Camera' }).click();
  await inspect.getByText(sentence).waitFor();
});
