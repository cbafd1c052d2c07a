import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Builder, By, Key } from 'selenium-webdriver';
import { DriverService } from 'selenium-webdriver/remote';
import type { Page } from './page';

/**
 * WebKitGTK by its own driver, on a display and with a home of its own.
 *
 * @param driver the path of WebKitWebDriver, which knows where its MiniBrowser lies
 */
export async function openWebKit(driver: string): Promise<Page> {
  const home = await mkdtemp(join(tmpdir(), 'webkit-'));
  const { display, name } = await startDisplay();
  const service = new DriverService.Builder(driver)
    .setLoopback(true)
    .setEnvironment({ PATH: process.env.PATH ?? '', HOME: home, XDG_RUNTIME_DIR: home, DISPLAY: name })
    .build();
  const browser = await new Builder()
    .disableEnvironmentOverrides()
    .usingServer(await service.start())
    .withCapabilities({
      browserName: 'MiniBrowser',
      'webkitgtk:browserOptions': { args: ['--automation'] },
    })
    .build();
  await browser.manage().window().setRect({ x: 0, y: 0, width: 1440, height: 1000 });
  const find = (xpath: string) => browser.findElement(By.xpath(xpath));
  return {
    browser: `WebKitGTK/${(await browser.getCapabilities()).getBrowserVersion()}`,
    // Where no folder for downloads is named, it takes the home.
    downloads: home,
    open: (url) => browser.get(url),
    reload: () => browser.navigate().refresh(),
    evaluate: (work, ...args) => browser.executeScript(work, ...args),
    click: (xpath) => find(xpath).click(),
    type: (xpath, text) => find(xpath).sendKeys(text, Key.ENTER),
    choose: (xpath, paths) => find(xpath).sendKeys(paths.join('\n')),
    close: async () => {
      await browser.quit();
      await service.kill();
      display.kill();
      // Its processes may write there until they have ended.
      await rm(home, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

/** An X server without a screen, and its name for `DISPLAY`. */
async function startDisplay(): Promise<{ display: ChildProcess; name: string }> {
  const display = spawn('Xvfb', ['-displayfd', '1', '-screen', '0', '1600x1200x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const number = await new Promise<string>((resolve, reject) => {
    display.once('error', reject);
    display.stdout.once('data', (data: Buffer) => resolve(data.toString().trim()));
  });
  return { display, name: `:${number}` };
}
