import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const fixture = fileURLToPath(new URL('../fixtures/reference', import.meta.url));
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'killed-'));
afterAll(() => fs.rmSync(temporary, { recursive: true }));

const runFile = path.join(temporary, 'run.json');
const places = { teacher: `${fixture}/teacher`, student: `${fixture}/student`, data: `${fixture}/data` };
const train = {
  ...{ parameters: 'full', batchSize: 8, steps: 400, seed: 3, learningRate: 1e-3 },
  ...{ schedule: 'cosine', warmupSteps: 20, augment: 'crop-flip-jitter' },
};
fs.writeFileSync(runFile, JSON.stringify({ ...places, train }));

function distill(out: string, ...flags: string[]) {
  const child = spawn(
    process.execPath,
    [
      ...['--import', 'tsx', 'src/cli/main.ts', 'distill', runFile, '--out', out],
      ...['--backend', 'wasm', ...flags],
    ],
    { stdio: ['ignore', 'ignore', 'pipe'] },
  );
  let messages = '';
  child.stderr.on('data', (text) => {
    messages += text;
  });
  return { child, messages: () => messages };
}

async function exitOf(child: ChildProcess): Promise<{ code: number | null; signal: string | null }> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
  return { code: child.exitCode, signal: child.signalCode };
}

/** What is there of a run's metrics: the file is another one after each start, and grows with each step. */
const metricsOf = (out: string) => fs.statSync(`${out}/metrics.jsonl`, { throwIfNoEntry: false });

/** Waits until a process that goes on from `before` has taken steps, and then `ms`. */
async function underWay(child: ChildProcess, out: string, before: number | undefined, ms: number) {
  const isRunning = () => child.exitCode === null;
  while (isRunning() && (metricsOf(out)?.ino ?? before) === before) await wait(5);
  const start = metricsOf(out)?.size ?? 0;
  while (isRunning() && (metricsOf(out)?.size ?? 0) <= start) await wait(5);
  await wait(ms);
}

/** What a run came to, but for how fast it was. */
function outcome(out: string) {
  const lines = fs.readFileSync(`${out}/metrics.jsonl`, 'utf8').trim().split('\n');
  const metrics = lines.map((line) => ({ ...JSON.parse(line), imagesPerSecond: 0 }));
  const weights = ['student/model.safetensors', 'heads.safetensors'].map((name) =>
    fs.readFileSync(`${out}/${name}`).toString('base64'),
  );
  return { metrics, weights, names: fs.readdirSync(out).sort() };
}

it('a run that is killed, interrupted and damaged, again and again, comes to the numbers of one that is not', async () => {
  const whole = path.join(temporary, 'whole');
  expect(await exitOf(distill(whole).child)).toEqual({ code: 0, signal: null });

  const out = path.join(temporary, 'killed');
  const checkpoints = () => (fs.existsSync(`${out}/checkpoints`) ? fs.readdirSync(`${out}/checkpoints`) : []);
  for (const ms of [10, 700, 1500]) {
    const before = metricsOf(out)?.ino;
    const { child } = distill(out, ...(before === undefined ? [] : ['--resume']));
    await underWay(child, out, before, ms);
    child.kill('SIGKILL');
    expect(await exitOf(child)).toEqual({ code: null, signal: 'SIGKILL' });
  }
  // As a kill in the middle of a write leaves it, or a bad disk.
  fs.writeFileSync(`${out}/checkpoints/step-399-${'0'.repeat(64)}.safetensors.part`, 'half of');
  fs.writeFileSync(`${out}/checkpoints/step-399-${'0'.repeat(64)}.safetensors`, 'not what its name says');
  fs.appendFileSync(`${out}/metrics.jsonl`, '{"step": 400, "tot');

  const before = metricsOf(out)?.ino;
  const interrupted = distill(out, '--resume');
  await underWay(interrupted.child, out, before, 500);
  interrupted.child.kill('SIGINT');
  expect(await exitOf(interrupted.child)).toEqual({ code: 130, signal: null });
  expect(interrupted.messages()).toMatch(/Stopped after step \d+; the same command with --resume goes on/);
  expect(checkpoints().filter((name) => name.endsWith('.safetensors')).length).toBeLessThanOrEqual(2);
  expect(checkpoints().filter((name) => name.endsWith('.part'))).toEqual([]);

  const last = distill(out, '--resume');
  expect(await exitOf(last.child), last.messages()).toEqual({ code: 0, signal: null });
  expect(last.messages()).toMatch(/Going on after step \d+/);
  const [expected, got] = [outcome(whole), outcome(out)];
  expect(got.metrics).toEqual(expected.metrics);
  expect(got.weights).toEqual(expected.weights);
  expect(got.names).toEqual(expected.names);
});
