import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { progressPrinter } from '../src/cli/progress';
import { InputError } from '../src/files/folder';
import { complete } from './study/complete';
import { studyConcepts } from './study/concepts';
import { parts, pretrainingOf, runsOf, trialsOf } from './study/plan';
import { reportOf } from './study/report';
import { chosenRates } from './study/tuning';

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
  const { validation, reported } = await studyConcepts();
  fs.mkdirSync(values.out, { recursive: true });
  const file = path.resolve(values.out, 'runs.jsonl');
  const options = {
    isAnew: !values.resume,
    processes: wholeNumber('--processes', values.processes),
    onProgress: progressPrinter(),
  };
  const pretraining = chosen.flatMap((part) => pretrainingOf(part, reported) ?? []);
  await complete(file, pretraining, options);
  const tuned = [...new Set(chosen.map((part) => parts[part].tunedBy))];
  const trials = await complete(
    file,
    tuned.flatMap((part) => trialsOf(part, validation)),
    options,
  );
  const runs = chosen.flatMap((part) => {
    const rates = chosenRates(parts[part].tunedBy, validation, trials);
    return runsOf(part, seeds, reported, rates);
  });
  const lines = await complete(file, runs, options);
  for (const [name, text] of reportOf(lines, validation)) fs.writeFileSync(path.join(values.out, name), text);
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
