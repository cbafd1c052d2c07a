import type { Checkpoint } from '../clip/checkpoint';
import type { ClipConfig } from '../clip/config';
import { isTextWeight } from '../clip/weights';
import type { TeacherPrompts } from '../distill/teacher';
import { plural } from '../files/count';
import { InputError } from '../files/folder';
import { writeSafetensors } from '../files/safetensors';
import { chosenFrom, elementCount, readAll } from '../files/tensors';
import { fillTemplate } from './pageTemplate';
import { packIndex, quantiseFeatures } from './searchIndex';

/** A text tower of more parameters makes a page longer than what browsers take. */
const LARGEST_TEXT_TOWER = 180e6;

/** Small pictures stand in sheets, so that none has a file's head of its own: squares, row by row. */
export const TILE = { size: 56, inRow: 10, inSheet: 100 };

/** Pictures of a run, as the student sees them. */
export interface SearchedPictures {
  paths: string[];
  /** f_e of each, [pictures, d], L2-normalised. */
  features: Float32Array;
  d: number;
}

/** What stands beside the text tower's tensors in a search page. */
export interface AboutSearch {
  config: ClipConfig;
  /** Contents of the tokenizer's files by their names. */
  tokenizer: Record<string, string>;
  cleansTexts: boolean;
  /** Of an adapted text tower, whose prompts are among the tensors. */
  words?: string;
  paths: string[];
  d: number;
}

/** Where the page finds a sheet of small pictures. */
export const sheetPath = (sheet: number): string => `pictures/${sheet}.jpg`;

/**
 * A page that finds pictures by text: their features in 9 bits, and the teacher's text tower in float16. The sheets of
 * small pictures lie beside it.
 *
 * @param template `answers.html` as it is built
 * @throws InputError where the text tower is too large
 */
export async function searchPage(
  template: string,
  teacher: Checkpoint,
  prompts: Pick<TeacherPrompts, 'text' | 'words'> | undefined,
  { paths, features, d }: SearchedPictures,
): Promise<Blob> {
  const { config, cleansTexts, tokenizerFiles } = teacher;
  const tower = chosenFrom(teacher.tensors, isTextWeight);
  const parameters = [...tower.shapes.values()].reduce((sum, shape) => sum + elementCount(shape), 0);
  if (parameters > LARGEST_TEXT_TOWER)
    throw new InputError(
      `${teacher.name}’s text tower has ${plural(parameters, 'parameter')}; with more than ${plural(LARGEST_TEXT_TOWER, 'parameter')} a page would be too long for browsers. Distil from a smaller teacher for a search page.`,
    );
  const files = [...tokenizerFiles].map(async ([name, file]) => [name, await file.text()] as const);
  const tokenizer = Object.fromEntries(await Promise.all(files));
  const about: AboutSearch = { config, tokenizer, cleansTexts, words: prompts?.words, paths, d };
  const tensors = { ...(await readAll(tower)), ...(prompts && { prompts: prompts.text }) };
  const metadata = { search: JSON.stringify(about) };
  const student = writeSafetensors(tensors, { half: true, metadata });
  const pictures = packIndex(quantiseFeatures(features, d));
  return new Blob(fillTemplate(template, { student, pictures }), { type: 'text/html' });
}
