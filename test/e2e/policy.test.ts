import { expect, inject, it } from 'vitest';
import { networkRows } from './network';
import { useBrowser } from './setup';
import { untilStep } from './surviving';

declare global {
  interface Window {
    /** The directives that something went against. */
    violations: string[];
  }
}

const browser = useBrowser();
const listen = () => {
  window.violations = [];
  document.addEventListener('securitypolicyviolation', ({ effectiveDirective }) =>
    window.violations.push(effectiveDirective),
  );
};

it('asks nothing of any other place in a whole session, as its policy has it', async () => {
  const page = await browser.open('about:blank');
  const asked: URL[] = [];
  page.context().on('request', (request) => asked.push(new URL(request.url())));
  await page.addInitScript(listen);
  await page.goto(`${inject('pageUrl')}?backend=wasm`);
  const press = (name: string) => page.getByRole('button', { name, exact: true }).click();
  await page.getByText('after step 0').waitFor({ timeout: 120_000 });
  await press('Step');
  await untilStep(page, 1);
  await press('IFAlign');
  await page.getByRole('region', { name: 'Inspect' }).getByRole('figure').first().waitFor();
  await press('Look closer');
  await page.getByRole('dialog').locator('img').first().waitFor();
  await page.keyboard.press('Escape');
  await press('Lessons');
  await page
    .getByRole('heading', { name: /lesson/i })
    .first()
    .waitFor();
  await press('Help');
  const { host } = new URL(inject('pageUrl'));
  const rows = await networkRows(page);
  expect(rows.map(({ from }) => from)).toEqual([`${host} this page’s own folder`]);
  // The demo's pictures and teacher are among it, which a worker fetched.
  expect(rows[0].requests).toBeGreaterThan(20);
  expect(rows[0].size).toMatch(/^[5-9]\.\d MB$/);
  const licences = await page.getByRole('link', { name: 'what it is built with' }).getAttribute('href');
  const notice = await page.evaluate(async (address) => (await fetch(address)).text(), licences ?? '');
  // Of the page, of its workers, its fonts and what lies beside it.
  for (const part of [
    'react-dom',
    'katex',
    '@tensorflow/tfjs-core',
    '@fontsource-variable/inter',
    'libheif-js',
  ])
    expect(notice).toContain(`\n${part} `);
  await page.keyboard.press('Escape');
  const download = page.waitForEvent('download', { timeout: 120_000 });
  await press('Export student');
  await download;
  expect(await page.evaluate(() => window.violations)).toEqual([]);
  const { origin } = new URL(inject('pageUrl'));
  expect(
    asked.filter(({ protocol, origin: from }) => protocol.startsWith('http') && from !== origin),
  ).toEqual([]);
  // What the workers ask for is among it.
  expect(asked.some(({ pathname }) => pathname.includes('/demo/'))).toBe(true);
});

it('refuses scripts in the page and connections to other places', async () => {
  const watched = await browser.open('about:blank');
  // What is refused stands in the console as an error, as it should.
  const page = await watched.context().newPage();
  await page.addInitScript(listen);
  await page.goto(`${inject('pageUrl')}?backend=wasm`);
  const refused = await page.evaluate(async () => {
    const script = document.createElement('script');
    script.textContent = 'window.name = "run"';
    document.head.append(script);
    const fetched = await fetch(location.origin.replace(/\d+$/, '1')).catch(() => 'refused');
    return { fetched, name: window.name };
  });
  expect(refused).toEqual({ fetched: 'refused', name: '' });
  expect(await page.evaluate(() => window.violations)).toEqual(['script-src-elem', 'connect-src']);
});
