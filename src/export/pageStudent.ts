import { z } from 'zod';
import { rawConfigOf } from '../clip/families/families';
import { rawPreprocessor } from '../clip/preprocess';
import { writeSafetensors } from '../files/safetensors';
import type { ExportedStudent } from './exportedStudent';
import { fillTemplate } from './pageTemplate';
import { weightBytes } from './precision';

/** Students whose weights take more are not written as a page: browsers hold no text of several hundred megabytes. */
const LARGEST = 100e6;

const json = z.string().transform((text) => JSON.parse(text));

/** What stands beside the tensors of a page's student, in the metadata of its file. */
export const pageStudent = z.object({
  names: json.pipe(z.array(z.string())),
  config: json,
  preprocessor: json,
  eduAttention: json.pipe(z.boolean()),
});

/**
 * A page that answers pictures by the student, in one file that needs no other.
 *
 * @param template `answers.html` as it is built
 * @returns undefined for students that are too large
 */
export function answersPage(template: string, student: ExportedStudent): string | undefined {
  const { checkpoint, tensors, W, s, classes, texts, eduAttention } = student;
  if (weightBytes({ ...tensors, W }, 'float32') > LARGEST) return undefined;
  const { vision, projectionDim } = checkpoint.config;
  const about: Record<keyof z.output<typeof pageStudent>, unknown> = {
    names: classes.length > 0 ? classes : texts,
    config: rawConfigOf({}, { vision, projectionDim }),
    preprocessor: rawPreprocessor(checkpoint.preprocessor),
    eduAttention,
  };
  const metadata = Object.fromEntries(
    Object.entries(about).map(([name, value]) => [name, JSON.stringify(value)]),
  );
  const logit_scale = { shape: [], data: Float32Array.of(Math.log(s)) };
  const file = writeSafetensors({ ...tensors, W, logit_scale }, { metadata });
  return fillTemplate(template, { student: file }).join('');
}
