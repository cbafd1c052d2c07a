import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';

const read = (file: string) => readFileSync(file, 'utf8');
const files = readdirSync('src/ui', { recursive: true, encoding: 'utf8' }).map((file) =>
  path.join('src/ui', file),
);
const modules = files.filter((file) => file.endsWith('.module.css'));
const classes = new Map(modules.map((file) => [file, classesOf(read(file))]));
const uses = files.filter((file) => /\.tsx?$/.test(file)).flatMap(usesIn);

it('names only classes that stand in the module', () => {
  const missing = uses.filter(({ module, name }) => !classes.get(module)?.has(name));
  expect(missing).toEqual([]);
});

it('keeps no class that nothing uses', () => {
  const used = new Set(uses.map(({ module, name }) => `${module} .${name}`));
  const all = [...classes].flatMap(([module, names]) => [...names].map((name) => `${module} .${name}`));
  expect(all.length).toBeGreaterThan(200);
  expect(all.filter((one) => !used.has(one))).toEqual([]);
});

it('writes only classes of the global sheets as plain words', () => {
  const sheets = files.filter((file) => file.startsWith('src/ui/styles/'));
  const known = new Set(sheets.flatMap((file) => [...classesOf(read(file))]));
  const unknown = files
    .filter((file) => file.endsWith('.tsx'))
    .flatMap((file) => {
      const words = [...read(file).matchAll(/className="([^"]*)"|clsx\('([^']*)'/g)].map(
        ([, a, b]) => a ?? b,
      );
      return words
        .flatMap((some) => some.split(' '))
        .filter((word) => !known.has(word))
        .map((word) => `${file}: ${word}`);
    });
  expect(unknown).toEqual([]);
});

it('has no two modules of one name, which the class names on the page carry', () => {
  const names = modules.map((file) => path.basename(file));
  expect(names.filter((name, i) => names.indexOf(name) !== i)).toEqual([]);
});

/** The classes in the selectors of a style sheet, without those marked as global. */
function classesOf(css: string): Set<string> {
  const selectors = css
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/\{[^{}]*\}/g, '')
    .replace(/:global\([^)]*\)/g, '');
  return new Set([...selectors.matchAll(/\.([a-z][\w-]*)/gi)].map(([, name]) => name));
}

/** Each `styles.name` of a file, where `styles` is a module that it imports. */
function usesIn(file: string) {
  const code = read(file);
  return [...code.matchAll(/import (\w+) from '(.+\.module\.css)'/g)].flatMap(([, styles, from]) => {
    const names = code.matchAll(new RegExp(`(?<![/\\w])${styles}\\.(\\w+)`, 'g'));
    return [...names].map(([, name]) => ({ file, module: path.join(path.dirname(file), from), name }));
  });
}
