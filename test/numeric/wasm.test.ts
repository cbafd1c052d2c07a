import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, expect, it, vi } from 'vitest';
import './wasmKernels';
import { SOURCES } from '../../src/ops/wasm/binary';
import { KERNELS } from '../../src/ops/wasm/signatures';

// The build for platforms without relaxed vectors.
beforeAll(() => {
  vi.spyOn(WebAssembly, 'validate').mockReturnValue(false);
});

it('the compiled kernels are those of the sources', () => {
  const folder = new URL('../../src/ops/wasm/c/', import.meta.url);
  const names = readdirSync(folder).sort();
  const hash = createHash('sha256');
  for (const extension of ['.c', '.h'])
    for (const name of names.filter((n) => n.endsWith(extension)))
      hash.update(readFileSync(new URL(name, folder)));
  expect(hash.digest('hex'), 'run src/ops/wasm/c/build.sh').toBe(SOURCES);
});

/** The arguments of an exported C function, after the part of the work that each thread has. */
function argumentsInC(declaration: string): Record<string, string> {
  const [, ...args] = declaration.split('float *scratch, ');
  const entries = args[0].split(',').map((argument) => {
    const [, type, name] = /^\s*(?:const )?(float \*|float |long |int )(\w+)$/.exec(argument) ?? [];
    const kind = type.includes('*') ? 'tensor' : type === 'float ' ? 'float' : 'integer';
    return [name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase()), kind];
  });
  return Object.fromEntries(entries);
}

it('the kernels are called with the arguments that C declares, in its order', () => {
  const folder = new URL('../../src/ops/wasm/c/', import.meta.url);
  const sources = readdirSync(folder)
    .filter((name) => name.endsWith('.c'))
    .map((name) => readFileSync(new URL(name, folder), 'utf8'))
    .join('\n');
  const declared = [...sources.matchAll(/EXPORT\((\w+)\)\s*void \w+\(([^)]*)\)/g)].map(
    ([, name, declaration]) => [name, argumentsInC(declaration)] as const,
  );
  const expected = Object.entries(KERNELS).map(([name, { arguments: args }]) => {
    const kinds = Object.entries(args).map(([key, kind]) => [key, kind.replace('?', '')] as const);
    return [name, Object.fromEntries(kinds)] as const;
  });
  expect(new Map(declared)).toEqual(new Map(expected));
  for (const [name, args] of expected)
    expect(Object.keys(new Map(declared).get(name) ?? {}), name).toEqual(Object.keys(args));
});
