import type { Page } from 'playwright-core';
import { linkOf, stepOf, untilStep } from '../../test/e2e/surviving';
import { outcomeOf } from './outcome';
import type { Row } from './row';
import { button, PATIENCE_MS, Profile } from './visit';

const STEPS = 40;
/** A device is lost at a random moment of so long, also while the one after the last loss begins. */
const WITHIN_MS = 12_000;
/** The page asks after the third loss in ten minutes. */
const LATER_MS = 11 * 60_000;
const TOLD_WITHIN_MS = 10_000;
const LOSSES_A_RUN = 15;

/**
 * Destroys devices of runs until they are through. Where ten minutes pass between two losses, the run must come to the
 * numbers of one that lost none; where they don't, the page must go on by WebAssembly after the second, and ask after the third.
 */
export async function soakLosses(address: string, losses: number, until: number): Promise<Row[]> {
  const rare: Row = {
    what: 'losses of the device, ten minutes apart on the page’s clock',
    done: 0,
    lost: [],
  };
  const often: Row = { what: 'losses of the device at once, until the page asks', done: 0, lost: [] };
  const link = `${address}${linkOf(STEPS)}`;
  const expected = await outcomeAfter(link, rare, () => false);
  const isOver = () => rare.done + often.done >= losses || Date.now() >= until;
  while (!isOver()) {
    await loseOften(link, often);
    const here = rare.done + LOSSES_A_RUN;
    const outcome = await outcomeAfter(link, rare, () => rare.done < here && !isOver());
    if (outcome !== expected) rare.lost.push('other numbers');
  }
  return [rare, often];
}

/** What a run comes to whose device is lost again and again while `goesOn`, ten minutes apart on the page's clock. */
async function outcomeAfter(link: string, row: Row, goesOn: () => boolean): Promise<string> {
  const profile = new Profile();
  const page = await begin(profile, link);
  while (goesOn() && (await stepOf(page)) < STEPS) {
    await page.waitForTimeout(WITHIN_MS * Math.random());
    await page.evaluate((ms) => {
      const { now } = Date;
      Date.now = () => now() + ms;
    }, LATER_MS);
    // Where nothing more was ever stored between two losses, no run would end.
    if (Math.random() < 0.5) await page.evaluate(() => dispatchEvent(new Event('pagehide')));
    if (await loseDevice(page)) row.done++;
  }
  const outcome = await outcomeOf(page, STEPS);
  await profile.remove();
  return outcome;
}

/** Has the engine of a run end three times, twice by its device; the third time the page asks. */
async function loseOften(link: string, row: Row): Promise<void> {
  const profile = new Profile();
  const page = await begin(profile, link);
  const says = (words: RegExp) => page.getByText(words).last().waitFor({ timeout: PATIENCE_MS });
  const lose = async () => {
    if (!(await loseDevice(page))) throw new Error('The device could not be destroyed.');
    row.done++;
  };
  try {
    await lose();
    await says(/The run goes on from .* on WebGPU/);
    if (Math.random() < 0.5) {
      await lose();
      await says(/The run goes on from .* on WebAssembly/);
      await page.evaluate(() => window.engineWorker.terminate());
    } else {
      await page.evaluate(() => window.engineWorker.terminate());
      await says(/The engine ended/);
      await untilStep(page, 1);
      await lose();
    }
    await says(/That was the third time in ten minutes/);
    await button(page, 'Go on').click();
    await says(/The run goes on from .* on WebAssembly/);
    await outcomeOf(page, STEPS);
    const raw = await page.getByText(/unmapped|destroyed|Error:/).count();
    if (raw > 0) row.lost.push('a message of the platform');
  } catch (error) {
    row.lost.push(`${error}`);
  }
  await profile.remove();
}

async function begin(profile: Profile, link: string): Promise<Page> {
  const page = await profile.open(link);
  await button(page, 'Play').click();
  await untilStep(page, 1);
  return page;
}

/** Destroys the device of the moment; false where there is none, since another is beginning. */
async function loseDevice(page: Page): Promise<boolean> {
  const before = await page.evaluate(() => {
    window.engineWorker.postMessage('destroy the device');
    return window.losses;
  });
  const isLost = page.waitForFunction((before) => window.losses > before, before, {
    timeout: TOLD_WITHIN_MS,
  });
  return isLost.then(
    () => true,
    () => false,
  );
}
