import fs from 'node:fs';
import { z } from 'zod';
import { keyOf, type StudyRun, studyRunSchema } from './plan';

const resultSchema = z.object({
  /** Shares (0..1) of the held-out pictures. */
  student: z.number(),
  teacher: z.number(),
  agreement: z.number(),
  styles: z.record(z.string(), z.number()),
  base: z.number(),
  new: z.number(),
  harmonicMean: z.number(),
  teacherHarmonicMean: z.number(),
  /** EduAttention's, after the last step. */
  alpha: z.number().optional(),
  /** The student on other concepts, before the first step and after the last. */
  elsewhere: z.object({ before: z.number(), after: z.number() }).optional(),
  /** The teacher without its prompts. */
  unadaptedTeacher: z.number().optional(),
  /** From opening the models to the last step. */
  seconds: z.number(),
});
export type StudyResult = z.infer<typeof resultSchema>;

/**
 * Goes up where the same run comes to other numbers than before, as with other starting weights: lines of earlier
 * generations are not gone on with.
 */
export const GENERATION = 2;

const lineSchema = studyRunSchema.extend({
  key: z.string(),
  generation: z.int().default(1),
  result: resultSchema,
});

/** A finished run. */
export type Line = z.infer<typeof lineSchema>;

/** The finished runs in a file of one JSON line each. A last line without an end, as a kill leaves it, is none. */
export function readLines(file: string): Line[] {
  if (!fs.existsSync(file)) return [];
  const whole = fs.readFileSync(file, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => lineSchema.parse(JSON.parse(line)));
}

/** Writes all of them anew, so that a half line goes. */
export function writeLines(file: string, lines: readonly Line[]): void {
  fs.writeFileSync(`${file}.part`, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
  fs.renameSync(`${file}.part`, file);
}

/** Adds a run that has just finished. */
export function addLine(file: string, run: StudyRun, result: StudyResult): void {
  fs.appendFileSync(file, `${JSON.stringify({ key: keyOf(run), generation: GENERATION, ...run, result })}\n`);
}
