import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromium } from 'playwright-core';

const INSTALLED = [
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:/Program Files/Google/Chrome/Application/chrome.exe',
];

/**
 * The path of a Chrome or Chromium for the tests: `CHROME_PATH`, else an installed one, else Debian's own
 * package (as root), else Playwright's download.
 *
 * @throws Error saying how to get one
 */
export function obtainBrowser(): string {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!existsSync(named)) throw new Error(`CHROME_PATH is ${named}, but there is no such file.`);
    return named;
  }
  if (!INSTALLED.some(existsSync)) installFromDebian(['chromium']);
  return INSTALLED.find(existsSync) ?? downloadByPlaywright();
}

/** Installs packages of Debian's; does nothing elsewhere, or for users who may not. */
export function installFromDebian(packages: string[]): void {
  const release = '/etc/os-release';
  const isDebian = existsSync(release) && /^ID=debian$/m.test(readFileSync(release, 'utf8'));
  if (!isDebian || process.getuid?.() !== 0) return;
  console.log(`Installing Debian’s ${packages.join(', ')} …`);
  const options = { stdio: 'inherit', env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' } } as const;
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], options);
}

function downloadByPlaywright(): string {
  if (!existsSync(chromium.executablePath())) {
    console.log('No Chrome or Chromium found: downloading Playwright’s …');
    try {
      execFileSync('npx', ['playwright-core', 'install', 'chromium'], { stdio: 'inherit' });
    } catch {
      throw new Error(
        'No browser for the page tests: install Chrome or Chromium, or set CHROME_PATH to one.',
      );
    }
  }
  return chromium.executablePath();
}

/** Vulkan's description of the software adapter that comes with a Chromium, if it does. */
export function swiftShaderOf(browser: string): string | undefined {
  const folders = [dirname(browser), '/usr/lib/chromium', '/usr/lib/chromium-browser', '/opt/google/chrome'];
  return folders.map((folder) => join(folder, 'vk_swiftshader_icd.json')).find(existsSync);
}
