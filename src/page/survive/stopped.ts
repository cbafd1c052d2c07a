import type { DroppedFile, DroppedThing, StoppedRun } from '../../worker/api';
import { fingerprint } from '../../worker/fingerprint';
import { recall, reopenParts } from '../data/remember';
import { engine } from '../engine';
import { readRun } from '../runs/importRuns';
import type { KeptRun } from '../runs/stored';
import { enter, present, type Work } from '../share/work';
import { report, store, togglePlay } from '../store';

/** A run of an earlier visit that can go on. */
export interface Stopped extends Omit<StoppedRun, 'record'> {
  run: KeptRun;
}

/** The run that stopped last; undefined where there is none. What can't be read is told once, and forgotten. */
export async function findStopped(): Promise<Stopped | undefined> {
  try {
    return await read(await engine.stoppedRun());
  } catch (error) {
    console.warn(error);
    report('The last run was kept by another version of this page, which can’t go on with it.', true);
    return undefined;
  }
}

/** Where this run stood last; undefined where no checkpoint of it is kept. */
export const lastOf = async (id: string): Promise<Stopped | undefined> => read(await engine.stoppedRun(id));

function read(stopped?: StoppedRun): Stopped | undefined {
  if (!stopped) return undefined;
  const { record, ...others } = stopped;
  const run = readRun({ ...record, run: stopped.manifest.run }, 'The last run');
  return { ...others, run };
}

export const isFinished = ({ run, student }: Stopped): boolean => student.step === run.run.train.steps;

/** Files that came for what was dropped, by the fingerprint that they were asked for with. */
export type Given = ReadonlyMap<string, DroppedFile[]>;

/** What of the dropped is still to come. */
export const missingOf = ({ dropped }: Stopped, given: Given): DroppedThing[] =>
  dropped.filter((thing) => !given.has(thing.fingerprint));

/** What was dropped, as far as it is stored or the browser can read it again itself. A click must have led here. */
export async function reopenDropped({ dropped, run }: Stopped): Promise<Given> {
  const given = new Map<string, DroppedFile[]>();
  for (const { fingerprint, stored } of dropped) if (stored) given.set(fingerprint, [stored]);
  const remembered = dropped.some(({ what }) => what === 'data') ? await recall() : undefined;
  if (remembered?.name !== run.data) return given;
  for (const part of await reopenParts(remembered))
    if ('files' in part) given.set(await fingerprint(part.files), part.files);
  return given;
}

/** Takes files for what is missing. Rejects where they are something else. */
export async function give(stopped: Stopped, given: Given, files: DroppedFile[]): Promise<Given> {
  const found = await fingerprint(files);
  const missing = missingOf(stopped, given);
  if (missing.some((thing) => thing.fingerprint === found)) return new Map([...given, [found, files]]);
  throw new Error(
    `That is not what the run was trained on: ${missing.map(inWords).join(' or ')}, with the same contents, would be right.`,
  );
}

/** 'the data “birds”, 12 files'. */
export const inWords = ({ what, name, files }: DroppedThing): string =>
  `the ${what} “${name}”${files === 1 ? '' : `, ${files} files`}`;

/** Puts the run in place of the page's own and trains on. Rejects where that fails; then the page's own is back. */
export async function goOn(stopped: Stopped, given: Given): Promise<void> {
  const { student, run } = stopped;
  await enter(workOf(stopped, given));
  const { device } = store.getState();
  if (device && device.description !== run.device)
    report(
      `Until step ${student.step} this run was computed on ${run.device}, from now on on ${device.description}: the last digits may differ.`,
      true,
    );
  if (!isFinished(stopped)) await togglePlay();
}

function workOf({ manifest, dropped, student, run }: Stopped, given: Given): Work {
  const filesOf = (what: DroppedThing['what']) =>
    dropped.flatMap((thing) => (thing.what === what ? [given.get(thing.fingerprint) ?? []] : []));
  const data = filesOf('data');
  const [teacher] = filesOf('teacher');
  const [own] = filesOf('student');
  return {
    run: manifest.run,
    concepts: manifest.concepts ?? store.getState().defaultConcepts,
    parts: manifest.parts.map((part) => ({
      id: crypto.randomUUID(),
      ...('hub' in part ? { hub: part.hub } : { files: data.shift() ?? [] }),
    })),
    models: { ...(teacher && { teacher }), ...(own && { student: own }) },
    tensors: filesOf('tensors').flat(),
    teacherPrecision: manifest.teacherPrecision,
    view: present().view,
    trained: { student, run },
    runs: [],
  };
}
