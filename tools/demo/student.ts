import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { diskFile, diskFolder } from '../../src/cli/disk';
import { readDemoIndex } from '../../src/data/demo';
import { readSafetensors, writeSafetensors } from '../../src/files/safetensors';
import { demoStudent } from '../../src/run/demo';

/**
 * Trains the demo's pre-trained student: a CLIP of the student's sizes with a small text tower of its own, by CLIP's loss
 * on all concepts but the default ones; its image tower goes to public/demo/student. `--resume` goes on after a kill.
 */
const root = fileURLToPath(new URL('../..', import.meta.url));
const work = path.join(root, 'build/student');
const target = path.join(root, 'public/demo/student');

const { hidden_size, intermediate_size, num_attention_heads, hidden_act } = demoStudent.config.vision_config;

async function pretrain(): Promise<void> {
  const { groups, defaultConcepts } = await readDemoIndex(await diskFolder(path.join(root, 'public/demo')));
  const all = groups.flatMap(({ concepts }) => concepts.map(({ id }) => id));
  const text_config = {
    ...{ hidden_size, intermediate_size, num_attention_heads, hidden_act },
    ...{ num_hidden_layers: 2, vocab_size: 49_408, max_position_embeddings: 16 },
  };
  const run = {
    method: 'contrastive',
    student: { config: { ...demoStudent.config, text_config }, seed: 0 },
    data: 'demo',
    dataOptions: { classes: all.filter((id) => !defaultConcepts.includes(id)) },
    train: {
      ...{ batchSize: 32, steps: 1500, warmupSteps: 75, seed: 0 },
      ...{ learningRate: 0.002, weightDecay: 0.1, augment: 'crop-flip' },
    },
  };
  fs.mkdirSync(work, { recursive: true });
  const file = path.join(work, 'run.json');
  fs.writeFileSync(file, JSON.stringify(run));
  const cli = [path.join(root, 'src/cli/main.ts'), 'distill', file, '--out', path.join(work, 'out')];
  const command = ['--import', 'tsx', ...cli, '--resume', '--backend', 'wasm'];
  const { status } = spawnSync(process.execPath, command, { stdio: 'inherit' });
  if (status !== 0)
    throw new Error('The training ended before its time; the same command goes on from there.');
  await keepImageTower(path.join(work, 'out/student'));
}

async function keepImageTower(from: string): Promise<void> {
  const file = path.join(from, 'model.safetensors');
  const tensors = await readSafetensors(await diskFile(file), file);
  const own = Object.entries(tensors).filter(([name]) => /^(vision_model|visual_projection)\./.test(name));
  fs.mkdirSync(target, { recursive: true });
  fs.writeFileSync(path.join(target, 'model.safetensors'), writeSafetensors(Object.fromEntries(own)));
  fs.writeFileSync(path.join(target, 'config.json'), `${JSON.stringify(demoStudent.config, null, 2)}\n`);
  fs.copyFileSync(path.join(from, 'preprocessor_config.json'), path.join(target, 'preprocessor_config.json'));
}

await pretrain();
