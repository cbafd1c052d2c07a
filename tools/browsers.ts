import { spawnSync } from 'node:child_process';
import { obtainBrowser } from './browser';
import { install, type Program } from './installed';

/** What each browser's tests need besides Chromium. */
const NEEDS = {
  chromium: [],
  firefox: ['Firefox', 'the Vulkan driver lavapipe'],
  webkit: ['WebKitGTK’s driver', 'Xvfb'],
} satisfies Record<string, Program[]>;

const isName = (name: string): name is keyof typeof NEEDS => name in NEEDS;

/** `npm run test:browsers`: the page in every browser, or in those named: `-- firefox webkit`. */
try {
  const named = process.argv.slice(2);
  const names = named.length > 0 ? named : Object.keys(NEEDS);
  const known = names.filter(isName);
  if (known.length < names.length)
    throw new Error(`Browsers are ${Object.keys(NEEDS).join(', ')}, not ${names.join(', ')}.`);
  install(known.flatMap((name): Program[] => NEEDS[name]));
  const { status } = spawnSync('npx', ['vitest', 'run', '--project', 'browsers'], {
    stdio: 'inherit',
    env: { ...process.env, CHROME_PATH: obtainBrowser(), BROWSERS: names.join() },
  });
  process.exitCode = status ?? 1;
} catch (error) {
  console.error(
    `${error instanceof Error ? error.message : error}\nTo leave a browser out, name the others: npm run test:browsers -- chromium`,
  );
  process.exitCode = 1;
}
