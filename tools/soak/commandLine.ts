import { spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Row } from './row';

const fixture = fileURLToPath(new URL('../../test/fixtures/reference', import.meta.url));

/** Kills a run on the command line at random moments until it is through; it must come to the numbers of one that is not. */
export async function soakCommandLine(kills: number, until: number): Promise<Row> {
  const row: Row = { what: 'kills of the command line', done: 0, lost: [] };
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'soak-'));
  const runFile = path.join(folder, 'run.json');
  const places = { teacher: `${fixture}/teacher`, student: `${fixture}/student`, data: `${fixture}/data` };
  const train = { parameters: 'full', batchSize: 8, steps: 400, seed: 3, augment: 'crop-flip' };
  fs.writeFileSync(runFile, JSON.stringify({ ...places, train }));
  const distill = (out: string) =>
    spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        'src/cli/main.ts',
        'distill',
        runFile,
        '--out',
        out,
        '--resume',
        '--backend',
        'wasm',
      ],
      { stdio: 'ignore' },
    );
  const whole = path.join(folder, 'whole');
  await once(distill(whole), 'exit');
  for (let i = 0; row.done < kills && Date.now() < until; i++) {
    const out = path.join(folder, `killed-${i}`);
    let isThrough = false;
    while (!isThrough) {
      const child = distill(out);
      const exit = once(child, 'exit');
      // Long enough to take steps, so that it gets through.
      const isLast = row.done >= kills || Date.now() >= until;
      if (!isLast) await Promise.race([exit, wait(1500 + 6000 * Math.random())]);
      if (!isLast && child.exitCode === null && child.kill('SIGKILL')) row.done++;
      await exit;
      isThrough = child.exitCode !== null;
      if (isThrough && child.exitCode !== 0) row.lost.push(`${out} ended with ${child.exitCode}`);
    }
    if (outcomeOf(out) !== outcomeOf(whole)) row.lost.push(`${out} has other numbers`);
  }
  if (row.lost.length === 0) fs.rmSync(folder, { recursive: true });
  return row;
}

/** Its metrics but for how fast it was, and its heads. */
function outcomeOf(out: string): string {
  const figures = fs
    .readFileSync(`${out}/metrics.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const { imagesPerSecond, ...step }: Record<string, number> = JSON.parse(line);
      return Object.entries(step).sort().join();
    });
  return figures.join('\n') + fs.readFileSync(`${out}/heads.safetensors`).toString('base64');
}
