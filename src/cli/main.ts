import { InputError } from '../files/folder';
import { say } from './say';

interface Command {
  summary: string;
  load: () => Promise<{ run(args: string[]): Promise<void> }>;
}

const commands: Record<string, Command> = {
  embed: { summary: 'embeddings of images and texts', load: () => import('./embed') },
  inspect: { summary: 'what an importer understands of a data set', load: () => import('./inspect') },
  adapt: { summary: 'adapts a teacher to classes by prompts (Stage I)', load: () => import('./adapt') },
  distill: { summary: 'carries out a run file', load: () => import('./distill') },
  evaluate: { summary: "a model's accuracy and recall on a data set", load: () => import('./evaluate') },
};

function usage(): string {
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(10)}${summary}`);
  return `Usage: npm run --silent cli -- COMMAND …\n${lines.join('\n')}`;
}

async function dispatch([name, ...args]: string[]): Promise<void> {
  if (name === '--help' || name === '-h') {
    say(usage());
    return;
  }
  const command = Object.hasOwn(commands, name ?? '') ? commands[name] : undefined;
  if (!command) {
    throw new InputError(
      `${name === undefined ? 'A command is missing' : `There is no command "${name}"`}.\n${usage()}`,
    );
  }
  const { run } = await command.load();
  await run(args);
}

/** Node's experimental features that the engine uses on purpose are nothing to tell the user about. */
function hideExperimentalWarnings(): void {
  process.removeAllListeners('warning');
  process.on('warning', (warning) => {
    if (warning.name !== 'ExperimentalWarning') say(`${warning.name}: ${warning.message}`);
  });
}

async function main(): Promise<number> {
  hideExperimentalWarnings();
  try {
    await dispatch(process.argv.slice(2));
    return 0;
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof InputError ? 1 : 2;
  }
}

const exitCode = await main();
// A GPU device keeps Node alive; end it once what was printed is out.
process.stdout.write('', () => process.exit(exitCode));
