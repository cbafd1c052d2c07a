import { parseArgs } from 'node:util';
import { soakCommandLine } from './soak/commandLine';
import { soakReaders } from './soak/readers';
import type { Row } from './soak/row';
import { soakSnapshots } from './soak/snapshots';

/** `npm run soak [--minutes N]`: kills, damages and feeds the product for so long, and prints what was lost. */
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } });
const start = Date.now();
const at = (share: number): number => start + share * Number(values.minutes) * 60_000;

const KILLS = 50;
const DAMAGES = 1000;
const INPUTS = 100_000;

const rows: Row[] = [
  await soakSnapshots(DAMAGES, at(0.1)),
  await soakCommandLine(KILLS, at(0.4)),
  ...(await soakReaders(INPUTS, at(1))),
];
console.log('| what | done | lost |\n| --- | --- | --- |');
for (const { what, done, lost } of rows)
  console.log(`| ${what} | ${done.toLocaleString('en-GB')} | ${lost.length} |`);
for (const { what, lost } of rows) for (const one of lost.slice(0, 10)) console.error(`${what}: ${one}`);
process.exitCode = rows.some(({ lost }) => lost.length > 0) ? 1 : 0;
