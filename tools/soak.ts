import { parseArgs } from 'node:util';
import { soakCommandLine } from './soak/commandLine';
import { soakKills } from './soak/kills';
import { soakLoads } from './soak/loads';
import { soakLosses } from './soak/losses';
import { soakQuota } from './soak/quota';
import { soakReaders } from './soak/readers';
import type { Row } from './soak/row';
import { soakSnapshots } from './soak/snapshots';
import { soakSteps } from './soak/steps';
import { servePage } from './soak/visit';

/**
 * `npm run soak [--minutes N] [PART ...]`: kills, damages and feeds the product for so long, and prints what was lost.
 * Without parts, all.
 */
const { values, positionals } = parseArgs({
  options: { minutes: { type: 'string', default: '60' } },
  allowPositionals: true,
});

interface Part {
  /** Its part of the time, as a weight. */
  share: number;
  /** Goes on until a moment in milliseconds since 1970, or it is through. */
  soak: (until: number) => Promise<Row[]>;
}

const page = { address: '', close: async () => {} };
const parts: Record<string, Part> = {
  snapshots: { share: 1, soak: async (until) => [await soakSnapshots(1000, until)] },
  'command-line': { share: 4, soak: async (until) => [await soakCommandLine(50, until)] },
  kills: { share: 8, soak: (until) => soakKills(page.address, 50, until) },
  losses: { share: 8, soak: (until) => soakLosses(page.address, 100, until) },
  quota: { share: 1, soak: async (until) => [await soakQuota(page.address, 10, until)] },
  loads: { share: 4, soak: async (until) => [await soakLoads(page.address, 100, until)] },
  'steps-wasm': { share: 4, soak: async (until) => [await soakSteps('wasm', 10_000, until)] },
  'steps-webgpu': { share: 4, soak: async (until) => [await soakSteps('webgpu', 10_000, until)] },
  readers: { share: 8, soak: (until) => soakReaders(100_000, until) },
};

const chosen = positionals.length > 0 ? positionals : Object.keys(parts);
const unknown = chosen.find((name) => !(name in parts));
if (unknown !== undefined)
  throw new Error(`There is no part “${unknown}”: ${Object.keys(parts).join(', ')} would be right.`);

Object.assign(page, await servePage());
const end = Date.now() + Number(values.minutes) * 60_000;
const lost: string[] = [];
let left = chosen.reduce((sum, name) => sum + parts[name].share, 0);
console.log('| what | done | lost |\n| --- | --- | --- |');
for (const name of chosen) {
  const { share, soak } = parts[name];
  const rows = await soak(Date.now() + (share / left) * (end - Date.now()));
  left -= share;
  for (const row of rows) {
    console.log(`| ${row.what} | ${row.done.toLocaleString('en-GB')} | ${row.lost.length} |`);
    lost.push(...row.lost.slice(0, 10).map((one) => `${row.what}: ${one}`));
  }
}
for (const one of lost) console.error(one);
await page.close();
process.exit(lost.length > 0 ? 1 : 0);
