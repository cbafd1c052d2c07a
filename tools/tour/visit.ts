import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { obtainBrowser } from '../browser';

/** What a task took of a person. */
export interface Effort {
  /** Presses of the mouse, of keys that are commands, and fields typed into or files chosen. */
  clicks: number;
  seconds: number;
  /** By how much things moved that the person had not asked to move: the browsers' cumulative layout shift. */
  shift: number;
}

const PATIENCE_MS = 600_000;
/** What moves so soon after a press moves because of it. The browsers' own half a second is short for a slow machine. */
const ASKED_MS = 1000;

interface Shift {
  /** In milliseconds since 1970. */
  at: number;
  value: number;
}

/** The largest sum of a window: shifts with less than a second between them, within five seconds (web.dev/articles/cls). */
function cumulativeShift(shifts: readonly Shift[]): number {
  let [first, last, sum, most] = [0, 0, 0, 0];
  for (const { at, value } of shifts.toSorted((one, other) => one.at - other.at)) {
    if (at - last > 1000 || at - first > 5000) [first, sum] = [at, 0];
    last = at;
    sum += value;
    most = Math.max(most, sum);
  }
  return most;
}

/** Without flags: WebGPU has no adapter here, and the engine takes WebAssembly by itself. */
export const launch = (): Promise<Browser> =>
  chromium.launch({
    executablePath: obtainBrowser(),
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });

interface View {
  width?: number;
  height?: number;
  isDark?: boolean;
}

/** A person on the page, in a fresh profile, who finds things by the names that they have. */
export class Visit {
  private clicks = 0;
  private shifts: Shift[] = [];

  private constructor(
    private readonly browser: Browser,
    readonly context: BrowserContext,
    readonly page: Page,
    readonly address: string,
  ) {}

  static async begin(browser: Browser, address: string, view: View = {}): Promise<Visit> {
    const { width = 1440, height = 900, isDark = false } = view;
    const context = await browser.newContext({
      viewport: { width, height },
      colorScheme: isDark ? 'dark' : 'light',
      acceptDownloads: true,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    context.setDefaultTimeout(PATIENCE_MS);
    const visit = new Visit(browser, context, await context.newPage(), address);
    await context.exposeBinding('tourSaw', (_source, seen: 'click' | Shift) => {
      if (seen === 'click') visit.clicks++;
      else visit.shifts.push(seen);
    });
    await context.addInitScript(`
      let asked = -Infinity;
      for (const type of ['pointerdown', 'keydown'])
        addEventListener(type, ({ isTrusted }) => {
          if (!isTrusted) return;
          asked = performance.now();
          if (type === 'pointerdown') tourSaw('click');
        }, true);
      new PerformanceObserver((list) => {
        for (const { value, startTime } of list.getEntries())
          if (startTime - asked > ${ASKED_MS}) tourSaw({ at: performance.timeOrigin + startTime, value });
      }).observe({ type: 'layout-shift', buffered: true });`);
    return visit;
  }

  /** Somebody else, in a profile of their own; what moves there counts for this visit too. */
  async somebodyElse(): Promise<Visit> {
    const theirs = await Visit.begin(this.browser, this.address);
    theirs.shifts = this.shifts;
    return theirs;
  }

  async measure(task: (visit: Visit) => Promise<void>): Promise<Effort> {
    [this.clicks, this.shifts] = [0, []];
    const start = performance.now();
    await task(this);
    const seconds = (performance.now() - start) / 1000;
    return { clicks: this.clicks, seconds, shift: cumulativeShift(this.shifts) };
  }

  async open(address = this.address): Promise<void> {
    await this.page.goto(address);
    await this.page.getByText('after step 0').waitFor({ state: 'attached' });
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name, exact: typeof name === 'string' });
  }

  region(name: string): Locator {
    return this.page.getByRole('region', { name, exact: true });
  }

  dialog(name: string): Locator {
    return this.page.getByRole('dialog', { name, exact: true });
  }

  async press(key: string): Promise<void> {
    this.clicks++;
    await this.page.keyboard.press(key);
  }

  async type(field: Locator, text: string): Promise<void> {
    this.clicks++;
    await field.fill(text);
    await field.press('Enter');
  }

  async choose(field: Locator, file: { name: string; mimeType: string; buffer: Buffer }): Promise<void> {
    this.clicks++;
    await field.setInputFiles([file]);
  }

  setLength(steps: number): Promise<void> {
    return this.type(this.page.getByRole('textbox', { name: 'Length in steps, typed' }), String(steps));
  }

  async reachStep(step: number): Promise<void> {
    await this.page.waitForFunction(
      (least) =>
        Number(document.querySelector('output[aria-label="step"]')?.textContent?.replace(',', '')) >= least,
      step,
    );
  }
}
