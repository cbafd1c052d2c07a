import type { Pairing } from './source';

/** Class numbers without names, as in a `label` column or a `.cls` file, become 'class 0', 'class 1', …. */
export function nameClassNumbers(pairings: Pairing[]): void {
  const labels = pairings.flatMap(({ texts }) => texts);
  if (!labels.every((label) => /^\d+$/.test(label))) return;
  for (const pairing of pairings) pairing.texts = pairing.texts.map((label) => `class ${label}`);
}

/** Class names in label order: by their number where all are numbered, else by code point. */
export function sortClasses(names: Iterable<string>): string[] {
  const sorted = [...names].sort();
  const number = /^(?:class )?(\d+)$/;
  if (!sorted.every((name) => number.test(name))) return sorted;
  return sorted.sort((a, b) => Number(number.exec(a)?.[1]) - Number(number.exec(b)?.[1]));
}
