import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { InputError } from '../src/files/folder';
import { compared, type Models, STUDENT, stageOne, stageTwo, TEACHER } from './paper/plan';
import { hoursTable, type Result, resultTable } from './paper/report';
import { type ResearchSet, researchSets } from './paper/sets';

/**
 * `npm run paper -- --data FOLDER`: ViT-L/14 adapted by Stage I, then distilled into ViT-B/16, base-to-new, on each of the
 * eleven sets that lies in the folder in CoOp's layout; writes the paper's table as it comes out here. What is finished
 * stays, so the same command goes on after a kill. With `--plan` it prints the hours to expect, and does nothing.
 */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    out: { type: 'string', default: 'build/paper' },
    sets: { type: 'string' },
    seeds: { type: 'string', default: '3' },
    teacher: { type: 'string', default: TEACHER },
    student: { type: 'string', default: STUDENT },
    plan: { type: 'boolean', default: false },
  },
});

const cli = fileURLToPath(new URL('../src/cli/main.ts', import.meta.url));

function paper(): void {
  const chosen = chosenSets();
  if (values.plan) {
    console.log(hoursTable(chosen));
    return;
  }
  const { data } = values;
  if (data === undefined) throw new InputError('--data FOLDER is missing: the folder that holds the sets.');
  const seeds = Number(values.seeds);
  if (!Number.isInteger(seeds) || seeds < 1)
    throw new InputError(`--seeds ${values.seeds}: a whole number from 1 would be right.`);
  const isThere = ({ folder }: ResearchSet) => fs.existsSync(path.join(data, folder));
  for (const { name, folder } of chosen.filter((set) => !isThere(set)))
    console.error(`${name} is left out: there is no folder ${folder} in ${data}.`);
  const results: Result[] = [];
  for (const set of chosen.filter(isThere))
    for (let seed = 0; seed < seeds; seed++) {
      results.push(...carryOut(set, path.resolve(data, set.folder), seed));
      fs.writeFileSync(path.join(values.out, 'README.md'), `# Base-to-new\n\n${resultTable(results)}\n`);
    }
  if (results.length === 0) throw new InputError(`${data} holds none of the sets.`);
  console.log(resultTable(results));
}

function chosenSets(): ResearchSet[] {
  const names = values.sets?.split(',');
  const unknown = names?.find((name) => !researchSets.some(({ folder }) => folder === name));
  if (unknown !== undefined)
    throw new InputError(
      `--sets ${unknown}: of ${researchSets.map(({ folder }) => folder).join(', ')}, some with commas would be right.`,
    );
  return researchSets.filter(({ folder }) => names?.includes(folder) ?? true);
}

/** Both stages of each method with one seed, and what the student makes of base and new classes. */
function carryOut(set: ResearchSet, data: string, seed: number): Result[] {
  const [teacher, student] = [values.teacher, values.student].map(absolute);
  const folder = path.resolve(values.out, set.folder, `seed-${seed}`);
  const adapted = path.join(folder, 'adapted');
  const models: Models = { teacher, student };
  fs.mkdirSync(folder, { recursive: true });
  distil('adapt', adapted, stageOne(models, data, seed));
  const teacherPrompts = path.join(adapted, 'prompts.safetensors');
  return compared.map((method) => {
    const out = path.join(folder, method);
    distil('distill', out, stageTwo(method, models, set, data, teacherPrompts, seed));
    return { set: set.name, method, seed, ...evaluate(out, teacher, teacherPrompts, data) };
  });
}

/** A model's folder, since run files lie elsewhere; or its id on the hub. */
const absolute = (model: string): string => (fs.existsSync(model) ? path.resolve(model) : model);

function distil(command: 'adapt' | 'distill', out: string, run: object): void {
  fs.writeFileSync(`${out}.json`, JSON.stringify(run, null, 2));
  call([command, `${out}.json`, '--out', out, '--resume']);
}

type Accuracies = Pick<Result, 'base' | 'new' | 'harmonicMean'>;

/** Asked once; then it is in a file beside. */
function evaluate(out: string, teacher: string, prompts: string, data: string): Accuracies {
  const file = `${out}-result.json`;
  if (!fs.existsSync(file)) {
    const heads = path.join(out, 'heads.safetensors');
    const student = ['--model', path.join(out, 'student'), '--heads', heads];
    const asked = ['--teacher', teacher, '--teacher-prompts', prompts, '--data', data];
    const answer = call(['evaluate', ...student, ...asked]);
    fs.writeFileSync(`${file}.part`, answer);
    fs.renameSync(`${file}.part`, file);
  }
  return JSON.parse(fs.readFileSync(file, 'utf8')) as Accuracies;
}

/** @throws InputError where the command line fails, which has said why */
function call(command: string[]): string {
  console.error(command.join(' '));
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', cli, ...command], {
    stdio: ['ignore', 'pipe', 'inherit'],
    encoding: 'utf8',
  });
  if (status !== 0) throw new InputError('That did not succeed; the same command goes on from there.');
  return stdout;
}

try {
  paper();
} catch (error) {
  if (!(error instanceof InputError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
