import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { StudyResult } from './lines';
import type { StudyRun } from './plan';

const program = fileURLToPath(new URL('worker.ts', import.meta.url));

/** What a process is sent. */
export interface Task {
  run: StudyRun;
  /** That the run's paths begin at. */
  folder: string;
}

type Answer = { result: StudyResult } | { problem: string };

/**
 * Carries out runs in so many processes at once, each on a core.
 *
 * @param onDone hears each run's result as soon as it is there
 * @throws Error where a run fails, with its row and seed
 */
export async function carryOutAll(
  runs: readonly StudyRun[],
  folder: string,
  processes: number,
  onDone: (run: StudyRun, result: StudyResult) => void,
): Promise<void> {
  const waiting = [...runs];
  const children = Array.from({ length: Math.min(processes, runs.length) }, () =>
    fork(program, { execArgv: ['--import', 'tsx'] }),
  );
  try {
    await Promise.all(
      children.map(async (child) => {
        for (let run = waiting.shift(); run; run = waiting.shift()) {
          const answer = await ask(child, { run, folder });
          if ('problem' in answer) throw new Error(`${run.row}, seed ${run.seed}: ${answer.problem}`);
          onDone(run, answer.result);
        }
      }),
    );
  } finally {
    for (const child of children) child.kill();
  }
}

function ask(child: ChildProcess, task: Task): Promise<Answer> {
  const { row, seed } = task.run;
  return new Promise((resolve, reject) => {
    const onExit = (code: number | null) =>
      reject(new Error(`${row}, seed ${seed}: its process ended with ${code}.`));
    child.once('exit', onExit);
    child.once('message', (answer: Answer) => {
      child.off('exit', onExit);
      resolve(answer);
    });
    child.send(task);
  });
}
