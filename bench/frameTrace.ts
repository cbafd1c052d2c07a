import { z } from 'zod';

/** What a frame cost the main thread, in milliseconds of CPU time. The parts leave out what the trace has no name for. */
export interface FrameCost {
  total: number;
  script: number;
  style: number;
  layout: number;
  paint: number;
}

const event = z.object({
  name: z.string(),
  pid: z.number(),
  tid: z.number(),
  /** Begin and length in microseconds; `tdur` is the length in CPU time. */
  ts: z.number(),
  dur: z.number().default(0),
  tdur: z.number().default(0),
  args: z.object({ name: z.string().optional(), src_func: z.string().optional() }).default({}),
});
type Event = z.infer<typeof event>;

const TASK = 'ThreadControllerImpl::RunTask';
const partOf: Record<string, Exclude<keyof FrameCost, 'total'>> = {
  FunctionCall: 'script',
  FireAnimationFrame: 'script',
  TimerFire: 'script',
  UpdateLayoutTree: 'style',
  Layout: 'layout',
  HitTest: 'layout',
  PrePaint: 'paint',
  Paint: 'paint',
  Layerize: 'paint',
};

/** The frames of a trace by Chromium, each from its beginning to the next one's. */
export function frameCosts(json: string): FrameCost[] {
  const { traceEvents } = z.object({ traceEvents: z.array(event) }).parse(JSON.parse(json));
  const thread = traceEvents.find(({ args }) => args.name === 'CrRendererMain');
  const frames: FrameCost[] = [];
  for (const { name, args, own } of withOwnTime(
    traceEvents.filter(({ pid, tid }) => pid === thread?.pid && tid === thread.tid),
  )) {
    if (name === TASK && args.src_func === 'ScheduledActionSendBeginMainFrame')
      frames.push({ total: 0, script: 0, style: 0, layout: 0, paint: 0 });
    const frame = frames.at(-1);
    if (!frame) continue;
    frame.total += own;
    const part = partOf[name];
    if (part) frame[part] += own;
  }
  return frames;
}

/** Events of a thread in the order of their beginnings, with the milliseconds that none within them took. */
function withOwnTime(events: Event[]): (Event & { own: number })[] {
  const ordered = events
    .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur)
    .map((one) => ({ ...one, own: one.tdur / 1000 }));
  const around: typeof ordered = [];
  for (const one of ordered) {
    while (around.length > 0 && ends(around[around.length - 1]) <= one.ts) around.pop();
    const parent = around.at(-1);
    if (parent) parent.own -= one.tdur / 1000;
    around.push(one);
  }
  return ordered;
}

const ends = ({ ts, dur }: Event): number => ts + dur;

/** The value that a share of all is at most. */
export const quantile = (values: number[], share: number): number =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)];
