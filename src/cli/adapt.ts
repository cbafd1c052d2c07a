import path from 'node:path';
import { writeTeacherPrompts } from '../distill/promptsrc/prompts';
import { adaptReportHtml } from '../run/adaptReport';
import { type AdaptRun, parseAdaptRun } from '../run/adaptSchema';
import { describeData, describeModel } from '../run/facts';
import { percent } from '../run/report';
import type { AdaptationInputs } from '../train/adaptation';
import { adaptTeacher } from '../train/adaptTeacher';
import { nextSnapshotAt } from '../train/snapshotStore';
import { startBackend } from './device';
import { parseFlags, required } from './flags';
import { openAdaptRun, readRunFile, withRelativePaths } from './openRun';
import { progressPrinter } from './progress';
import { RunFolder } from './runFolder';
import { printJson, say } from './say';

const USAGE = 'cli adapt RUN.json --out DIR [--resume] [--backend webgpu|wasm]';

/** `adapt`: carries out a run file of Stage I. */
export async function run(args: string[]): Promise<void> {
  const { values, positionals } = parseFlags(
    args,
    { out: { type: 'string' }, resume: { type: 'boolean' }, backend: { type: 'string' } },
    ['RUN.json'],
    USAGE,
  );
  const folder = new RunFolder(path.resolve(required(values.out, '--out', USAGE)));
  const resume = values.resume ?? false;
  if (folder.isDone(resume)) return;
  const settled = await readRunFile(positionals[0], parseAdaptRun);
  await folder.open();
  const { description } = await startBackend(values.backend);
  const inputs = await openAdaptRun(settled, progressPrinter());
  await carryOut(folder, settled, inputs, description, resume);
}

async function carryOut(
  folder: RunFolder,
  settled: AdaptRun,
  inputs: AdaptationInputs,
  device: string,
  resume: boolean,
): Promise<void> {
  const relative = withRelativePaths(settled, folder.path);
  const run = `${JSON.stringify(relative, null, 2)}\n`;
  const stopped = resume ? await folder.goOn(run, device) : undefined;
  const metrics = stopped?.metrics ?? [];
  let checkpointAt = 0;
  const adapted = await adaptTeacher(
    inputs,
    Number.POSITIVE_INFINITY,
    {
      onProgress: progressPrinter(),
      onNotice: say,
      onStart: () => folder.startMetrics(metrics),
      onStep: async (step, snapshot) => {
        metrics.push({ ...step });
        folder.appendMetrics({ ...step });
        const start = performance.now();
        if (start < checkpointAt) return;
        await folder.writeCheckpoint(await snapshot(), { run, device, evaluations: [] });
        checkpointAt = nextSnapshotAt(start);
      },
    },
    stopped?.snapshot,
  );
  const facts: [string, string][] = [
    ['Teacher', describeModel(inputs.teacher)],
    ['Data', describeData(inputs.dataset)],
    ['Run on', device],
  ];
  const title = `Adaptation of ${path.basename(folder.path)}`;
  await folder.write('prompts.safetensors', writeTeacherPrompts(adapted.prompts));
  await folder.write('run.json', run);
  await folder.writeReport(adaptReportHtml({ title, run: relative, metrics, facts, ...adapted }));
  folder.removeCheckpoints();
  const { before, after } = adapted;
  if (after.top1 !== undefined)
    say(
      `The teacher is right in ${percent(after.top1)} of ${after.images} ` +
        `${after.heldOut ? 'held-out' : 'training'} images; it was in ${percent(before.top1)}.`,
    );
  printJson({ out: folder.path, steps: metrics.length, before, after });
}
