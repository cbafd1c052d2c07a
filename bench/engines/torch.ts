import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { HostTensors } from '../../src/files/tensors';
import { ADAM_W, type Problem } from '../problem';
import { configOf } from '../shapes';
import type { Losses, StepEngine } from './engine';

const lossesSchema = z.object({
  total: z.number(),
  mean: z.number(),
  variance: z.number(),
  kl: z.number(),
});

/**
 * The step in PyTorch, native code, on one thread as WebAssembly in Node; the Python is the environment's PYTHON, or
 * `python3`.
 *
 * @throws where there is no Python with PyTorch
 */
export async function createTorchEngine(problem: Problem): Promise<StepEngine> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  await writeProblem(problem, folder);
  const script = fileURLToPath(new URL('./torch_step.py', import.meta.url));
  const python = spawn(process.env['PYTHON'] ?? 'python3', [script, folder]);
  const ended = once(python, 'close').finally(() => rm(folder, { recursive: true }));
  let complaint = '';
  python.stderr.on('data', (text) => {
    complaint += text;
  });
  // Where it can't be written to, it has ended, which `close` tells.
  python.stdin.on('error', () => undefined);
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  return {
    activate: async () => undefined,
    async step(): Promise<Losses> {
      python.stdin.write('step\n');
      const { value, done } = await Promise.race([lines.next(), ended.then(() => lines.next())]);
      if (!done) return lossesSchema.parse(JSON.parse(value));
      throw new Error(`Python ended: ${complaint.trim().split('\n').at(-1)}`);
    },
    dispose: () => python.stdin.end(),
  };
}

/** The tensors one after the other in one file, their names and shapes and all else in the other. */
async function writeProblem(problem: Problem, folder: string): Promise<void> {
  const { shape, student, teacher, teacherInput, pixels, W, s, trained } = problem;
  const { batch, d, texts } = shape;
  const vision = configOf(shape.student).vision;
  const teacherVision = shape.teacher && configOf(shape.teacher).vision;
  const images = (data: Float32Array<ArrayBuffer>, size: number) => ({ data, shape: [batch, 3, size, size] });
  const given: HostTensors = {
    pixels: images(pixels, vision.imageSize),
    W: { data: W, shape: [texts, d] },
    ...('features' in teacherInput
      ? { features: { data: teacherInput.features, shape: [batch, d] } }
      : { teacherPixels: images(teacherInput.pixels, teacherVision?.imageSize ?? 0) }),
  };
  const groups = { student, teacher, given };
  const tensors = Object.fromEntries(
    Object.entries(groups).map(([group, all]) => [
      group,
      Object.entries(all).map(([name, { shape }]) => [name, shape]),
    ]),
  );
  const data = Object.values(groups).flatMap((all) => Object.values(all).map(({ data }) => data));
  await writeFile(join(folder, 'tensors.bin'), data);
  const described = { student: vision, teacher: teacherVision, trained, s, adamW: ADAM_W, tensors };
  await writeFile(join(folder, 'problem.json'), JSON.stringify(described));
}
