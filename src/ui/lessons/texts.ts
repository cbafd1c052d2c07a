import { z } from 'zod';
import { hindrances } from '../../page/lessons/hindrance';
import { type Lesson, parseLesson, translated } from '../../page/lessons/lesson';

const wordsSchema = z.strictObject({
  /** The language's own name. */
  language: z.string(),
  lessons: z.string(),
  intro: z.string(),
  steps: z.string(),
  done: z.string(),
  back: z.string(),
  next: z.string(),
  skip: z.string(),
  finish: z.string(),
  all: z.string(),
  close: z.string(),
  doIt: z.string(),
  waiting: z.string(),
  seen: z.string(),
  present: z.string(),
  presentEnd: z.string(),
  /** Why what a step waits for does not come, and what would bring it. */
  hindrances: z.record(z.enum(hindrances), z.string()),
});

export type Words = z.infer<typeof wordsSchema>;

export interface Language {
  words: Words;
  /** In their order, by id. */
  lessons: Map<string, Lesson>;
}

const markdown = import.meta.glob<string>('./*/*.md', { eager: true, query: '?raw', import: 'default' });
const words = import.meta.glob('./*/words.json', { eager: true, import: 'default' });

const ORIGINAL = 'en';

/** './en/3-features.md' → language and id. */
const named = (path: string): [language: string, id: string] => {
  const [, language, file] = path.split('/');
  return [language, file.replace(/^\d+-|\.md$/g, '')];
};

function lessonsOf(language: string): Map<string, Lesson> {
  const files = Object.entries(markdown).filter(([path]) => named(path)[0] === language);
  return new Map(files.map(([path, text]) => [named(path)[1], parseLesson(text)]));
}

function read(language: string): Language {
  const originals = lessonsOf(ORIGINAL);
  const texts = lessonsOf(language);
  const lessons = [...originals].map(([id, original]): [string, Lesson] => {
    const translation = texts.get(id);
    return [id, translation ? translated(original, translation) : original];
  });
  return { words: wordsSchema.parse(words[`./${language}/words.json`]), lessons: new Map(lessons) };
}

/** By code, 'en' first. A folder of this name beside this file is a language. */
export const languages: ReadonlyMap<string, Language> = new Map(
  [...new Set([ORIGINAL, ...Object.keys(words).map((path) => named(path)[0])])].map((code) => [
    code,
    read(code),
  ]),
);

/** The language that was chosen, else the first of the browser's that there is, else the original. */
export function languageCode(chosen: string | undefined): string {
  const wanted = [chosen, ...navigator.languages.map((tag) => tag.split('-')[0]), ORIGINAL];
  return wanted.find((code) => code !== undefined && languages.has(code)) ?? ORIGINAL;
}
