import { z } from 'zod';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';

/** CLIP's has 48,894 merges, and 49,408 tokens; the largest of many languages a million. */
const MOST_ENTRIES = 2 ** 20;
const LONGEST_PATTERN = 1000;

const lists = z.looseObject({
  model: z.looseObject({ merges: z.array(z.unknown()).max(MOST_ENTRIES).optional() }).optional(),
  added_tokens: z.array(z.unknown()).max(MOST_ENTRIES).optional(),
});

/**
 * The contents of a `tokenizer.json`, unless it would keep a reader busy for ever.
 *
 * @param where begins the error messages
 * @throws InputError for more merges than any tokenizer has, and for patterns that are not sure to end
 */
export function checkTokenizer(raw: unknown, where: string): object {
  const { model, ...steps } = parseJson(lists, raw, where);
  for (const pattern of patternsIn(steps)) {
    if (isSwift(pattern)) continue;
    throw new InputError(
      `${where} splits texts by the pattern ${pattern.slice(0, 100)}, which could take for ever on some; ` +
        "only alternatives as CLIP's own has them can be used, such as [\\p{L}]+, with a repetition at their end alone.",
    );
  }
  return { model, ...steps };
}

/** Every regular expression in the steps of a tokenizer, however deep they lie. */
function patternsIn(steps: object): string[] {
  const patterns: string[] = [];
  const open: object[] = [steps];
  for (let object = open.pop(); object; object = open.pop()) {
    for (const [key, value] of Object.entries(object)) {
      if (key === 'Regex') patterns.push(String(value));
      else if (typeof value === 'object' && value !== null) open.push(value);
    }
  }
  return patterns;
}

/** One letter's place in a pattern: an escape, a property, a class in brackets. */
const places = /\\[pP]\{[^{}]*\}|\\[^bB1-9k]|\[(?:\\.|[^\]\\])*\]/g;

/**
 * Whether a pattern is sure to be matched in a time that grows with the text's length alone: alternatives without
 * groups, each with an optional letter at most at its beginning, and a repetition at most at its end, so that nothing
 * is tried again.
 */
function isSwift(pattern: string): boolean {
  if (pattern.length > LONGEST_PATTERN) return false;
  // Known to be swift: blanks, the last one left to the word behind it.
  const plain = pattern.replaceAll('\\s+(?!\\S)', '_+').replace(places, '_');
  return plain
    .split('|')
    .every((alternative) => /^([^()[\]*+?{}]\?)?[^()[\]*+?{}]*([*+]|\{\d+(,\d*)?\})?$/.test(alternative));
}
