import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ownPictures } from './pictures';
import { launch, Visit } from './visit';

const SIZES = [
  [1024, 768],
  [1280, 720],
  [1366, 768],
  [1440, 900],
  [1920, 1080],
  [3840, 2160],
] as const;
const COMPARED_STEPS = 10;
const SHOWN_STEP = 60;

/** The page as people meet it, a picture of each size in both themes: `training-1366x768-dark.png`. */
export async function takeScreenshots(address: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const browser = await launch();
  const visit = await Visit.begin(browser, address);
  const { page } = visit;
  const take = async (name: string) => {
    for (const [width, height] of SIZES) {
      await page.setViewportSize({ width, height });
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        // Charts and the lesson's card follow the size of the window.
        await page.waitForTimeout(700);
        await page.screenshot({ path: join(folder, `${name}-${width}x${height}-${colorScheme}.png`) });
      }
    }
    await page.setViewportSize({ width: 1440, height: 900 });
  };
  await visit.open();
  await take('opening');
  await visit.button('Concepts').click();
  await take('concepts');
  await page.keyboard.press('Escape');
  await visit.region('Models').getByRole('button', { name: 'Change' }).click();
  await take('models');
  await visit.dialog('Models').getByRole('button', { name: 'Make a teacher from this data' }).click();
  await take('make-a-teacher');
  await visit.region('Before distillation').getByRole('button', { name: 'Close' }).click();
  await visit.button('Play').click();
  await visit.reachStep(SHOWN_STEP);
  await visit.button('Pause').click();
  await take('training');
  await visit.region('Inspect').getByText('Features map', { exact: true }).click();
  await take('map');
  await visit.region('Inspect').getByText('Ask', { exact: true }).click();
  await take('ask');
  await visit.region('Inspect').getByText('Predictions', { exact: true }).click();
  await visit.button('Share').click();
  await take('share');
  await page.keyboard.press('Escape');
  await page.keyboard.press('p');
  await take('presenting');
  await page.keyboard.press('p');
  await visit.button('Lessons').click();
  const card = page.getByRole('complementary', { name: 'Lessons' });
  await card.getByRole('button', { name: /^Features and IFAlign/ }).click();
  await card.getByRole('button', { name: 'Next', exact: true }).click();
  await take('lesson');
  await page.keyboard.press('Escape');
  await visit.setLength(COMPARED_STEPS);
  await visit.button('Compare settings…').click();
  const compare = visit.dialog('Compare settings');
  await compare.getByRole('button', { name: 'Start 5 runs' }).click();
  await compare.getByText('5 of 5 runs, all done').waitFor();
  await take('comparison');
  await page.keyboard.press('Escape');
  await visit.button(/earlier…$/).click();
  await visit.dialog('Runs').getByRole('table').waitFor();
  await take('runs');
  await page.keyboard.press('Escape');
  await take('compared');
  const file = { name: 'shapes.zip', mimeType: 'application/zip', buffer: await ownPictures() };
  await visit.choose(page.getByLabel('Images and captions', { exact: true }), file);
  await visit
    .region('Data')
    .getByText(/^2 classes/)
    .waitFor();
  await page.getByText('after step 0').waitFor();
  await take('drop');
  await visit.button('Look closer').click();
  await take('look-closer');
  await browser.close();
}
