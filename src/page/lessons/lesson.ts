import { marked, type Token } from 'marked';
import { z } from 'zod';
import { methodSchema } from '../../distill/methods/methods';
import { targets } from './targets';

const target = z.enum(targets);

const settings = z.strictObject({
  method: methodSchema.optional(),
  loss: z
    .strictObject({
      ifAlign: z.boolean(),
      eduAttention: z.boolean(),
      refine: z.boolean(),
      alignWeight: z.number(),
      kdWeight: z.number(),
      temperature: z.number(),
    })
    .partial()
    .optional(),
  train: z
    .strictObject({ parameters: z.enum(['prompts', 'full', 'heads']), steps: z.int() })
    .partial()
    .optional(),
});

const stepSchema = z.strictObject({
  /** The box of the page that it speaks of. */
  point: target.optional(),
  /** What its button does: settings to change, then from step 0 with `restart` where they are not in use yet, then play. */
  set: settings.extend({ restart: z.literal(true).optional(), play: z.literal(true).optional() }).optional(),
  /** What is to be seen before it goes on, all of it: settings in use, a step reached, an accuracy (0..1), an open box. */
  wait: settings
    .extend({ step: z.int(), accuracy: z.number(), opened: target, isDemo: z.boolean() })
    .partial()
    .optional(),
});

/** What a step of a lesson does on the page. */
export type Action = z.infer<typeof stepSchema>;

export interface Lesson {
  title: string;
  summary: string;
  steps: { title: string; html: string; action: Action }[];
}

/**
 * Reads a lesson: `# title`, a sentence that says what it is about, then steps of `## title` and text. What a step does
 * stands in its text as a block of code in JSON whose language is `step`; translations leave it out.
 *
 * @throws ZodError or SyntaxError where such a block is wrong
 */
export function parseLesson(markdown: string): Lesson {
  const lesson: Lesson = { title: '', summary: '', steps: [] };
  let texts: Token[] = [];
  for (const token of marked.lexer(markdown)) {
    const step = lesson.steps.at(-1);
    if (token.type === 'heading' && token.depth === 1) lesson.title = token.text;
    else if (token.type === 'heading') {
      texts = [];
      lesson.steps.push({ title: token.text, html: '', action: {} });
    } else if (!step) lesson.summary += token.type === 'paragraph' ? token.text : '';
    else if (token.type === 'code' && token.lang === 'step')
      step.action = stepSchema.parse(JSON.parse(token.text));
    else {
      texts.push(token);
      step.html = marked.parser(texts);
    }
  }
  return lesson;
}

/** A translated lesson that does what the original one does. */
export const translated = (lesson: Lesson, texts: Lesson): Lesson => ({
  ...texts,
  steps: texts.steps.map((step, i) => ({ ...step, action: lesson.steps[i]?.action ?? {} })),
});
