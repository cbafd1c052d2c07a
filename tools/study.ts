import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { progressPrinter } from '../src/cli/progress';
import { InputError } from '../src/files/folder';
import { complete } from './study/complete';
import { reportedConcepts } from './study/concepts';
import { parts, pretrainingOf, runsOf } from './study/plan';
import { reportOf } from './study/report';

/**
 * `npm run study`: trains every row of the study with each seed on the demo's data, so many at once as there are cores, and
 * writes what came of it into docs/study. With `--resume`, runs that are there stay; without, those asked for are made anew.
 */
const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '5' },
    only: { type: 'string' },
    resume: { type: 'boolean', default: false },
    out: { type: 'string', default: 'docs/study' },
    processes: { type: 'string', default: String(os.availableParallelism()) },
  },
});

async function study(): Promise<void> {
  const chosen = values.only === undefined ? Object.keys(parts) : [values.only];
  if (chosen.some((part) => !(part in parts)))
    throw new InputError(`--only ${values.only}: ${Object.keys(parts).join(' or ')} would be right.`);
  const seeds = wholeNumber('--seeds', values.seeds);
  const concepts = await reportedConcepts();
  const runs = chosen.flatMap((part) => runsOf(part, seeds, concepts));
  fs.mkdirSync(values.out, { recursive: true });
  const file = path.resolve(values.out, 'runs.jsonl');
  const options = {
    isAnew: !values.resume,
    processes: wholeNumber('--processes', values.processes),
    onProgress: progressPrinter(),
  };
  await complete(
    file,
    chosen.flatMap((part) => pretrainingOf(part, concepts) ?? []),
    options,
  );
  const lines = await complete(file, runs, options);
  for (const [name, text] of reportOf(lines)) fs.writeFileSync(path.join(values.out, name), text);
}

function wholeNumber(flag: string, text: string): number {
  if (!/^[1-9]\d*$/.test(text))
    throw new InputError(`${flag} ${text}: a whole number from 1 would be right.`);
  return Number(text);
}

try {
  await study();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
