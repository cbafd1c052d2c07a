import { z } from 'zod';
import { clipkd } from './clipkd';
import { cliprd } from './cliprd';
import { comkd } from './comkd';
import { contrastive } from './contrastive';
import type { Method } from './method';
import { none } from './none';
import { promptkd } from './promptkd';
import { tinyclip } from './tinyclip';

/** By their names in run files, in the order in which they are offered. */
const list = { comkd, promptkd, clipkd, cliprd, tinyclip, none, contrastive };

export type MethodName = keyof typeof list;

export const methodNames = Object.keys(list) as MethodName[];

export const methodSchema = z.enum(methodNames);

/** All that one or another of some types has. */
type Together<T> = (T extends unknown ? (one: T) => void : never) extends (all: infer All) => void
  ? All
  : never;

const options: Together<(typeof list)[MethodName]['options']> = Object.assign(
  {},
  ...Object.values(list).map((method) => method.options),
);

/** `loss` of a run file: every method's options. */
export const lossSchema = z.strictObject({
  ...options,
  /** Over this many captions, each batch is classified against a fresh sample that holds its own. */
  maxTexts: z.int().positive().max(65_536).default(1024),
});

export type LossOptions = z.output<typeof lossSchema>;

/** Every method, as those see it that have all options. */
export const methods: Readonly<Record<MethodName, Method<z.ZodRawShape, LossOptions>>> = list;
