import { type ParseArgsConfig, parseArgs } from 'node:util';
import { InputError } from '../files/folder';

/**
 * A command's flags and what stands beside them.
 *
 * @param positionals names of the arguments without a flag; all must be given
 * @throws InputError with the command's usage
 */
export function parseFlags<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
  positionals: string[],
  usage: string,
) {
  const parsed = parseOrExplain(args, options, usage);
  if (parsed.positionals.length < positionals.length) {
    throw new InputError(`${positionals[parsed.positionals.length]} is missing. Usage: ${usage}`);
  }
  if (parsed.positionals.length > positionals.length) {
    throw new InputError(
      `"${parsed.positionals[positionals.length]}" is one argument too many. Usage: ${usage}`,
    );
  }
  return parsed;
}

function parseOrExplain<const Options extends NonNullable<ParseArgsConfig['options']>>(
  args: string[],
  options: Options,
  usage: string,
) {
  try {
    return parseArgs({ args, options, allowPositionals: true });
  } catch (error) {
    const [reason] = (error instanceof Error ? error.message : String(error)).split('. ');
    throw new InputError(`${reason.replace(/\.?$/, '.')} Usage: ${usage}`);
  }
}

/** A flag that must be given, with something. */
export function required(value: string | undefined, flag: string, usage: string): string {
  if (value === undefined) throw new InputError(`${flag} is missing. Usage: ${usage}`);
  if (value.trim() === '') throw new InputError(`${flag} is empty; a path would be right. Usage: ${usage}`);
  return value;
}
