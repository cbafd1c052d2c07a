import { createStore } from 'zustand/vanilla';
import { EXTENSION } from '../../run/distillery';
import type { DroppedFile } from '../../worker/api';
import { addFiles, offerRemembered } from '../data/actions';
import { describeRun } from '../describeRun';
import { plural } from '../format';
import { boot, defaultRun, report } from '../store';
import type { Linked } from './link';
import { losses, markDropsSaved, markStudentSaved } from './saved';
import { enter, linkedWork, open, type Work } from './work';

/** Work that waits for an answer, since it would replace other work. */
export interface Offer {
  /** What it came as: a file's name, or "the link". */
  name: string;
  work: Work;
  /** The address to go back to where it is declined. */
  before?: string;
}

interface Offered {
  offer?: Offer;
  /** Of a file that the page's address names: nothing is fetched from there before the user has said so. */
  from?: URL;
}

export const offerStore = createStore<Offered>(() => ({}));

/** The address as the page last knew it. */
let address = '';

/** Starts the page with what its address names, and hears of other addresses from then on. */
export async function start(): Promise<void> {
  address = location.href;
  const linked = await tryToRead(location.hash);
  if (linked) open(linked.view);
  addEventListener('hashchange', () => void offerLink());
  await boot(linked);
  const file = new URLSearchParams(location.search).get('open');
  if (file) await askFor(file);
  else if (linked && linked.hubs.length > 0) await enter(linkedWork(linked)).catch(report);
  else await offerRemembered();
}

/** Asks whether to open the file that the page's address names. */
async function askFor(place: string): Promise<void> {
  try {
    const { linkedAddress } = await import('./linkedAddress');
    offerStore.setState({ from: linkedAddress(place, location.href) });
  } catch (error) {
    report(error);
  }
}

async function tryToRead(fragment: string): Promise<Linked | undefined> {
  if (!fragment) return undefined;
  try {
    const { readLink } = await import('./link');
    return readLink(fragment);
  } catch (error) {
    report(error);
    return undefined;
  }
}

/** Puts an address into the bar, without going there. */
export function setAddress(link: string): void {
  const url = new URL(link);
  // What this machine computes with is no part of a link, but stays in its own address.
  const backend = new URLSearchParams(location.search).get('backend');
  if (backend) url.searchParams.set('backend', backend);
  window.history.replaceState(null, '', url);
  address = location.href;
}

async function offerLink(): Promise<void> {
  const before = address;
  address = location.href;
  const linked = address === before ? undefined : await tryToRead(location.hash);
  if (linked) await offer({ name: 'the link', work: linkedWork(linked), before });
}

/** Opens the first `.distillery` file of these; the others are data. */
export function takeFiles(files: DroppedFile[]): void {
  const own = files.find(({ path }) => isOwn(path));
  if (own) void offerFile(own.file);
  else if (files.length > 0) void addFiles(files);
}

export const isOwn = (path: string): boolean => path.toLowerCase().endsWith(EXTENSION);

export async function offerFile(file: File): Promise<void> {
  try {
    // With what reads archives, for which there is no need before.
    const { readFile } = await import('./readFile');
    const work = await readFile(file);
    markDropsSaved(work);
    await offer({ name: file.name, work });
  } catch (error) {
    report(error);
  }
}

/** Puts work in place, at once where nothing is lost by it. */
async function offer(given: Offer): Promise<void> {
  if (losses().length > 0) offerStore.setState({ offer: given });
  else await take(given.work).catch(report);
}

async function take(work: Work): Promise<void> {
  await enter(work);
  if (work.trained) markStudentSaved(work.trained.run.id, work.trained.student.step);
}

/** The answer to an offer. Rejects where the work can't be opened; then all is as it was. */
export async function accept({ work }: Offer): Promise<void> {
  await take(work);
  offerStore.setState({ offer: undefined });
}

export function decline({ before }: Offer): void {
  if (before) setAddress(before);
  offerStore.setState({ offer: undefined });
}

/** What an offer brings, in words: 'ComKD, batch 64, on your own 40 files; the student after 240 steps; 3 runs'. */
export function contents({ run, parts, trained, runs }: Work): string {
  const files = parts.reduce((sum, part) => sum + ('files' in part ? part.files.length : 0), 0);
  const hubs = parts.flatMap((part) => ('hub' in part ? [part.hub] : []));
  const data = [...(files > 0 ? [plural(files, 'file')] : []), ...hubs].join(' and ') || 'the demo';
  return [
    `${describeRun(run, defaultRun)}, on ${data}`,
    ...(trained ? [`a student after ${plural(trained.student.step, 'step')}`] : []),
    ...(runs.length > 0 ? [plural(runs.length, 'run')] : []),
  ].join('; ');
}
