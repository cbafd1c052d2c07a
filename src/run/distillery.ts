import { z } from 'zod';
import type { Precision } from '../device/webgpu/half';
import { InputError } from '../files/folder';
import { parseJson } from '../files/json';
import { parseRun } from './schema';

const FORMAT = 'clip-distillery';
const VERSION = 1;

/** What the name of such a file ends with. */
export const EXTENSION = '.distillery';

/** Where things lie in the zip; dropped data in a folder a drop under `data`, by its place among the parts. */
export const paths = {
  manifest: 'distillery.json',
  data: 'data',
  runs: 'runs.json',
  student: 'student.safetensors',
  /** What the run begins with beside its models: prompts, heads. */
  tensors: 'tensors',
};

/** How a teacher's weights lie on the device, as files and links have it. */
export const precisionSchema = z.enum([
  'float32',
  'float16',
  'float16-arithmetic',
]) satisfies z.ZodType<Precision>;

const headSchema = z.object({
  format: z.literal(FORMAT, { error: `expected "${FORMAT}", as files that the page saves have it` }),
  version: z.int().positive(),
});

const manifestSchema = z.object({
  run: z.unknown(),
  /** Settings that were edited and not yet in use. */
  edited: z.unknown().optional(),
  /** Of the demo, by their ids; the default ones where there are none. */
  concepts: z.array(z.string().max(100)).min(1).max(1000).optional(),
  /** What the data adds up from; the demo where there are none. */
  parts: z
    .array(
      z.union([z.strictObject({ hub: z.string().max(1000) }), z.strictObject({ files: z.literal(true) })]),
    )
    .max(100),
  teacherPrecision: precisionSchema.optional(),
  /** What is open on the page, as a link has it. */
  view: z.record(z.string().max(100), z.string().max(1000)).default({}),
  /** The student as it was trained, and which of the file's runs trained it. */
  trained: z.object({ step: z.int().positive(), runId: z.string().max(100) }).optional(),
});

type Read = z.output<typeof manifestSchema>;

/** The list of contents of a `.distillery` file: all of the page's work, to go on with elsewhere. */
export type Manifest = Omit<Read, 'run' | 'edited'> & {
  run: ReturnType<typeof parseRun>;
  edited?: ReturnType<typeof parseRun>;
};

export const writeManifest = (manifest: Manifest): string =>
  `${JSON.stringify({ format: FORMAT, version: VERSION, ...manifest }, null, 2)}\n`;

/**
 * A manifest's contents, checked.
 *
 * @param where begins the error messages
 * @throws InputError where it is none, or of a later version
 */
export function readManifest(raw: unknown, where: string): Manifest {
  const { version } = parseJson(headSchema, raw, where);
  if (version > VERSION)
    throw new InputError(
      `${where} was saved by a newer clip-distillery (version ${version}, this page reads ${VERSION}): reload the page, or open the file where it was saved.`,
    );
  const { run, edited, ...others } = parseJson(manifestSchema, raw, where);
  return {
    ...others,
    run: parseRun(run, `${where}: run`),
    ...(edited !== undefined && { edited: parseRun(edited, `${where}: edited`) }),
  };
}
