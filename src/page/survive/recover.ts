import type { BackendName } from '../../device/info';
import { createEngine, type EngineEnd } from '../../worker/client';
import { connect, engine } from '../engine';
import { enter, present, type Work } from '../share/work';
import { isLoading, wantsPlay } from '../state';
import { report, startEngine, store, togglePlay } from '../store';
import { lastOf, type Stopped } from './stopped';

/** Where the engine ends so often in this time, the page asks before it goes on. */
const MOST_ENDS = 3;
const RECENT_MS = 10 * 60_000;

/** When it ended lately, in milliseconds since 1970. */
let ends: number[] = [];
/** Counts the engines that took another's place, and their ends: what was begun before the last of them is over. */
let turns = 0;
/** What was under way when the first of them ended, until it goes on. */
let interrupted: { id?: string; wasPlaying: boolean } | undefined;

const words: Record<EngineEnd, string> = {
  'lost device': 'The graphics processor was lost: its driver ended, or the machine slept.',
  ended: 'The engine ended: its worker met an error, or the browser ran out of memory.',
  silent: 'The engine did not answer any more, and was started anew.',
};

/**
 * Goes on by itself with another engine, from the last checkpoint; after the third end in ten minutes the page asks first.
 *
 * @param onEnded called where that engine ends
 */
export async function engineEnded(
  why: EngineEnd,
  wasPlaying: boolean,
  onEnded: (why: EngineEnd) => void,
): Promise<void> {
  ends = [...ends.filter((then) => Date.now() - then < RECENT_MS), Date.now()];
  const { metrics, runId } = store.getState();
  interrupted ??= { id: metrics && runId, wasPlaying };
  const { id } = interrupted;
  const goOnWith = (backend: BackendName | 'auto', plays: boolean) => {
    const hearEnd = (again: EngineEnd) => {
      turns++;
      onEnded(again);
    };
    connect(createEngine(hearEnd));
    return goOn({ why: words[why], id, plays, backend });
  };
  if (ends.length < MOST_ENDS) {
    // A device that is lost again and again is no help.
    const backend = ends.length > 1 && why === 'lost device' ? 'wasm' : 'auto';
    await goOnWith(backend, interrupted.wasPlaying);
    return;
  }
  turns++;
  const answer = (plays = interrupted?.wasPlaying ?? false) => {
    ends = [];
    store.setState({ ended: undefined });
    return goOnWith('wasm', plays);
  };
  store.setState({ phase: 'failed', progress: [], ended: { words: words[why], goOn: answer } });
}

interface Going {
  why: string;
  /** The run that had learned something. */
  id?: string;
  plays: boolean;
  backend: BackendName | 'auto';
}

async function goOn({ why, id, plays, backend }: Going): Promise<void> {
  const mine = ++turns;
  const { hubAccess } = store.getState();
  store.setState({ phase: plays ? 'starting' : 'loading', progress: [] });
  try {
    const device = await startEngine(backend);
    await engine.setHubAccess({ endpoint: hubAccess.endpoint });
    store.setState({ hubAccess: { ...hubAccess, hasToken: false } });
    const last = id === undefined ? undefined : await lastOf(id).catch(() => undefined);
    await enter(last ? standing(last) : present(), () => mine === turns);
    const from = last ? `step ${last.student.step}` : 'step 0, since nothing was kept yet';
    report(`${why} The run goes on from ${from}, on ${device.description}.`, true);
    if (hubAccess.hasToken) report('The hub’s access token has to be given again under Models.', true);
    interrupted = undefined;
    if (plays && !wantsPlay(store.getState())) await togglePlay();
  } catch (error) {
    // An engine that ends meanwhile has its own way on, and what was interrupted still is.
    if (mine !== turns) return;
    interrupted = undefined;
    if (isLoading(store.getState())) store.setState({ phase: 'failed' });
    report(error);
  }
}

/** The page's work with the student as it was kept last. */
function standing({ student, run: kept }: Stopped): Work {
  const { run, loadedRun } = store.getState();
  const trained = { student, run: kept };
  return { ...present(), run: loadedRun, trained, ...(run !== loadedRun && { edited: run }) };
}
