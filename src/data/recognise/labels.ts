import { isFlag, isReadable, isSet } from './columnContent';
import { isClassColumn } from './columns';
import type { Pairing } from './source';

/**
 * Class numbers without names, as in a `label` column or a `.cls` file, become 'class 0', 'class 1', …; those of a column
 * of 0 and 1 by whose name one sees what it says, such as `is_smiling`, 'not smiling' and 'smiling'.
 */
export function nameClassNumbers(pairings: Pairing[], column = ''): void {
  const labels = pairings.flatMap(({ texts }) => texts);
  const says = nameOfFlag(column);
  const isNamed = isReadable(says) && !isClassColumn(column) && labels.every(isFlag);
  if (!isNamed && !labels.every((label) => /^\d+(\.0+)?$/.test(label))) return;
  const nameOf = (label: string) => (isSet(label) ? says : `not ${says}`);
  for (const pairing of pairings)
    pairing.texts = pairing.texts.map((label) =>
      isNamed ? nameOf(label) : `class ${Number.parseInt(label, 10)}`,
    );
}

/** What a column of 0 and 1 says of the images where it holds 1: 'smiling' of 'is_smiling'. */
export function nameOfFlag(column: string): string {
  return column.replace(/^(is|has)[\s_-]+/i, '').replaceAll('_', ' ');
}

/** Class names in label order: by their number where all are numbered, else by code point. */
export function sortClasses(names: Iterable<string>): string[] {
  const sorted = [...names].sort();
  const number = /^(?:class )?(\d+)$/;
  if (!sorted.every((name) => number.test(name))) return sorted;
  return sorted.sort((a, b) => Number(number.exec(a)?.[1]) - Number(number.exec(b)?.[1]));
}
