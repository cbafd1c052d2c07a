import { spawnSync } from 'node:child_process';
import { findAdapter } from './adapter';
import { obtainBrowser } from './browser';

/**
 * `npm test`: every check in turn, the cheap ones first; stops at the first that fails. With `--all` also what takes long
 * and repeats in a browser what is tested without one.
 */
const CHECKS = [
  ['format and lint', 'biome', 'check'],
  ['types', 'tsc', '-p', '.'],
  ['imports go down the rooms', 'depcruise', 'src'],
  ['the picture of the rooms is current', 'tsx', 'tools/rooms.ts', '--check'],
  ['nothing unused', 'knip'],
  ['unit tests', 'vitest', 'run', '--project', 'unit'],
  ['numeric tests', 'vitest', 'run', '--project', 'numeric'],
  ['page tests', 'vitest', 'run', '--project', 'e2e'],
];

const isWhole = process.argv.includes('--all');

try {
  const browser = obtainBrowser();
  const adapter = findAdapter(browser);
  console.log(`Browser: ${browser}\nAdapter of the numeric tests: ${adapter.name}`);
  const env = { ...process.env, ...adapter.environment, CHROME_PATH: browser, ALL: isWhole ? '1' : '' };
  for (const [name, ...command] of CHECKS) {
    console.log(`\n== ${name}`);
    const { status } = spawnSync('npx', command, { stdio: 'inherit', env });
    if (status !== 0) throw new Error(`${name}: failed`);
  }
  console.log('\nAll checks passed.');
} catch (error) {
  console.error(`\n${error instanceof Error ? error.message : error}`);
  process.exit(1);
}
