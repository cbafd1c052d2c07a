import type { Page } from 'playwright-core';
import { foreseen } from '../../src/worker/storingTime';
import { crash, linkOf, stepOf, untilStep } from '../../test/e2e/surviving';
import { latestOf, outcomeOf, storingOf } from './outcome';
import type { Row } from './row';
import { button, goOnWhereAsked, PATIENCE_MS, Profile } from './visit';

const STEPS = 150;
/** A run is killed at a random moment of so much training. */
const WITHIN_MS = 15_000;
/**
 * Of what storing takes, so many times as long may lie between two checkpoints: 19 after one, as much again held ready,
 * and 20 for one that took longer than was foreseen; and some that a slow step and its evaluation take.
 */
const MOST_STORINGS = 60;

/** How a run on the page ends before its time, and whether the page goes with it. */
const ways = [
  { what: 'the browser’s process', kill: (profile: Profile) => profile.kill() },
  { what: 'a tab’s process', kill: (_: Profile, page: Page) => crash(page) },
  {
    what: 'the engine’s worker',
    kill: (_: Profile, page: Page) => page.evaluate(() => window.engineWorker.terminate()),
    leavesPage: true,
  },
];

/** Back on the page after a kill, where it offers to go on, or from the start where nothing was kept yet. */
async function comeBack(profile: Profile, link: string): Promise<Page> {
  const page = await profile.open(link.replace(/#.*/, ''));
  const { step } = await latestOf(page);
  if (step > 0) await button(page, step === STEPS ? 'Open it' : 'Go on').click();
  else {
    await page.goto('about:blank');
    await page.goto(link);
    await button(page, 'Play').click();
  }
  await untilStep(page, Math.min(STEPS, step + 1));
  return page;
}

/** Whether the run comes to its end within so long; who is asked whether to go on says yes. */
async function isThrough(page: Page, ms: number): Promise<boolean> {
  const end = Date.now() + ms;
  while (Date.now() < end && (await stepOf(page)) < STEPS) {
    await goOnWhereAsked(page);
    await page.waitForTimeout(100);
  }
  return (await stepOf(page)) === STEPS;
}

/** What a run comes to that is not killed, and the bytes of its last checkpoint. */
async function soakWhole(link: string): Promise<{ outcome: string; bytes: number }> {
  const profile = new Profile();
  const page = await comeBack(profile, link);
  const outcome = await outcomeOf(page, STEPS);
  const { bytes } = await latestOf(page);
  await profile.remove();
  return { outcome, bytes };
}

/** Kills runs on the page at random moments until they are through; they must come to the numbers of one that is not. */
export async function soakKills(address: string, kills: number, until: number): Promise<Row[]> {
  const rows = ways.map(({ what }) => ({ what, done: 0, lost: [] as string[], costs: [] as number[] }));
  const link = `${address}?backend=wasm${linkOf(STEPS)}`;
  const whole = await soakWhole(link);
  let done = 0;
  const isOver = () => done >= kills || Date.now() >= until;
  while (!isOver()) {
    const profile = new Profile();
    let page = await comeBack(profile, link);
    let trainsSince = Date.now();
    while (!(await isThrough(page, Math.random() * WITHIN_MS)) && !isOver()) {
      const { kill, leavesPage } = ways[done % ways.length];
      const row = rows[done % ways.length];
      const storing = Math.max(foreseen(whole.bytes), (await storingOf(page)) ?? 0);
      const before = await latestOf(page);
      const cost = Date.now() - Math.max(before.at, trainsSince);
      row.costs.push(cost / 1000);
      if (cost > MOST_STORINGS * storing) row.lost.push(`cost ${cost} ms where storing took ${storing} ms`);
      await kill(profile, page);
      row.done++;
      done++;
      if (!leavesPage) page = await comeBack(profile, link);
      trainsSince = Date.now();
      const kept = await latestOf(page);
      if (kept.step < before.step) row.lost.push(`back at step ${kept.step} from ${before.step}`);
    }
    while (!(await isThrough(page, PATIENCE_MS)));
    if ((await outcomeOf(page, STEPS)) !== whole.outcome)
      rows[0].lost.push(`${profile.folder} has other numbers`);
    else await profile.remove();
  }
  return rows.map(({ what, costs, ...others }) => {
    const mean = costs.reduce((sum, cost) => sum + cost, 0) / costs.length;
    const words = `${mean.toFixed(1)} s of training on average, ${Math.max(...costs).toFixed(1)} s at most`;
    return { ...others, what: `kills of ${what}, each of which cost ${words}` };
  });
}
