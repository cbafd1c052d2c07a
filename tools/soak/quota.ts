import { linkOf, stepOf, untilStep } from '../../test/e2e/surviving';
import { latestOf } from './outcome';
import type { Row } from './row';
import { button, PATIENCE_MS, Profile } from './visit';

/** Fills the storage while a run trains: the page says so, trains on, and stores again when there is room. */
export async function soakQuota(address: string, times: number, until: number): Promise<Row> {
  const row: Row = { what: 'times that the storage was full', done: 0, lost: [] };
  const profile = new Profile();
  const page = await profile.open(`${address}?backend=wasm${linkOf(5000)}`);
  const session = await page.context().newCDPSession(page);
  const { origin } = new URL(address);
  const notice = page.getByText('The browser’s storage is full');
  for (; row.done < times && Date.now() < until; row.done++) {
    await button(page, 'Play').click();
    const before = await stepOf(page);
    await untilStep(page, before + 1);
    await session.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 0 });
    const { step: kept } = await latestOf(page);
    await button(page, 'Pause').click();
    await notice.waitFor({ timeout: PATIENCE_MS });
    await button(page, 'Play').click();
    await untilStep(page, before + 3);
    if ((await latestOf(page)).step > kept)
      row.lost.push(`stored after step ${kept}, though there was no room`);
    await session.send('Storage.overrideQuotaForOrigin', { origin });
    await button(page, 'Pause').click();
    const stored = () => latestOf(page).then(({ step }) => step > kept);
    const end = Date.now() + PATIENCE_MS;
    while (!(await stored()) && Date.now() < end) await page.waitForTimeout(100);
    if (!(await stored())) row.lost.push(`nothing stored after step ${kept}, though there was room again`);
    await notice.locator('..').getByRole('button').click();
  }
  await profile.remove();
  return row;
}
