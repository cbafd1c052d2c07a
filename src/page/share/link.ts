import { z } from 'zod';
import { precisionSchema } from '../../run/distillery';
import { decodeRun, encodeRun } from '../../run/link';
import type { Run } from '../../run/schema';
import type { Precision } from '../../worker/api';
import { hubDataset } from '../data/hubDataset';
import { boxNames } from '../inspect/openBox';
import { views } from '../inspect/view';

const list = z.string().transform((names) => names.split(','));

/** What stands behind the run in a link; what is wrong there is left out. */
const schema = z.object({
  /** Of the demo; the default ones without. */
  concepts: list.optional().catch(undefined),
  /** Data sets of the hub that add up to the data, where there are several. */
  hub: list.optional().catch(undefined),
  teacher: precisionSchema.optional().catch(undefined),
  box: z.enum(boxNames).optional().catch(undefined),
  image: z.coerce.number().int().nonnegative().optional().catch(undefined),
  view: z
    .string()
    .optional()
    .transform((name) => views.find(([view]) => view === name)?.[0]),
});

/** What is open on the page: a box of the figure, what Inspect shows else, the image that is followed. */
export type View = Pick<z.output<typeof schema>, 'box' | 'image' | 'view'>;

/** What a link holds of the page. */
export interface Linked {
  run: Run;
  concepts?: string[];
  /** Data sets of the hub; the demo is meant where there are none. */
  hubs: string[];
  teacherPrecision?: Precision;
  view: View;
}

/** The page's address with a state in its fragment. What is of this visit or machine alone goes. */
export function linkTo({ run, concepts, hubs, teacherPrecision, view }: Linked): string {
  const url = new URL(location.href);
  for (const own of ['open', 'embed', 'backend']) url.searchParams.delete(own);
  const parameters = new URLSearchParams({
    ...(concepts && { concepts: concepts.join() }),
    ...(hubs.length > 1 && { hub: hubs.join() }),
    ...(teacherPrecision && { teacher: teacherPrecision }),
    ...writeView(view),
  });
  // These may stand in an address as they are, and read better so.
  const others = String(parameters).replaceAll('%2C', ',').replaceAll('%2F', '/');
  url.hash = encodeRun(run) + (others && `&${others}`);
  return url.href;
}

/**
 * What the fragment of an address holds; undefined where it holds no run.
 *
 * @throws InputError where it is damaged
 */
export function readLink(fragment: string): Linked | undefined {
  const run = decodeRun(fragment);
  if (!run) return undefined;
  const parameters = schema.parse(Object.fromEntries(new URLSearchParams(fragment.slice(1))));
  const { concepts, hub, teacher, ...view } = parameters;
  const single = hubDataset(run.data);
  // A run file on the demo names its concepts itself; on the page they stand beside it.
  const { classes, ...dataOptions } = run.dataOptions ?? {};
  return {
    ...(run.data === 'demo' && classes
      ? { run: { ...run, dataOptions }, concepts: concepts ?? classes }
      : { run, concepts }),
    hubs: hub ?? (single ? [single] : []),
    teacherPrecision: teacher,
    view,
  };
}

export const readView = (raw: Record<string, string>): View => {
  const { box, image, view } = schema.parse(raw);
  return { box, image, view };
};

export const writeView = (view: View): Record<string, string> =>
  Object.fromEntries(
    Object.entries(view).flatMap(([name, value]) =>
      value === undefined || value === views[0][0] ? [] : [[name, String(value)]],
    ),
  );
