import clsx from 'clsx';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { readDrop } from '../../page/data/readDrop';
import { engine } from '../../page/engine';
import { count, loss } from '../../page/format';
import { figureAt, stepsOf } from '../../page/runs/figures';
import { nameOf } from '../../page/runs/nameOf';
import type { KeptRun } from '../../page/runs/stored';
import { store } from '../../page/store';
import {
  findStopped,
  type Given,
  give,
  goOn,
  inWords,
  isFinished,
  missingOf,
  reopenDropped,
  type Stopped,
} from '../../page/survive/stopped';
import { hearBeginnings, watch } from '../../page/survive/watch';
import type { DroppedFile } from '../../worker/api';
import { hearFree } from '../../worker/runLock';
import { FilesInput } from '../parts/FilesInput';
import { useKept, useStore } from '../parts/stores';
import styles from './ReturnNotice.module.css';

/** Offers to go on with the run of an earlier visit, where it stopped, or to watch one of another tab, also where it begins later. */
export default function ReturnNotice() {
  const [stopped, setStopped] = useState<Stopped>();
  const runId = useStore((state) => state.runId);
  useEffect(() => {
    void findStopped().then(setStopped);
    return hearBeginnings(() => {
      // Who trains here has something else to look at.
      if (store.getState().metrics) return;
      const isOffered = (shown?: Stopped) => shown && !shown.isElsewhere;
      void findStopped().then((found) => setStopped((shown) => (isOffered(shown) ? shown : found)));
    });
  }, []);
  if (!stopped || stopped.run.id === runId) return null;
  return (
    <Offer
      key={`${stopped.isElsewhere}`}
      stopped={stopped}
      onClose={() => setStopped(undefined)}
      onGone={() => void findStopped().then(setStopped)}
    />
  );
}

interface OfferProps {
  stopped: Stopped;
  onClose: () => void;
  /** The other tab, which had it, is gone. */
  onGone: () => void;
}

function Offer({ stopped, onClose, onGone }: OfferProps) {
  const [isBusy, setBusy] = useState(false);
  const [isAsking, setAsking] = useState(false);
  const [given, setGiven] = useState<Given>(new Map());
  const [problem, setProblem] = useState('');
  const { run, student } = stopped;
  const missing = missingOf(stopped, given);
  const goOnWith = async (find: () => Promise<Given>) => {
    setBusy(true);
    setProblem('');
    try {
      const found = await find();
      setGiven(found);
      if (missingOf(stopped, found).length > 0) setAsking(true);
      else {
        await goOn(stopped, found);
        onClose();
      }
    } catch (error) {
      setAsking(missing.length > 0);
      setProblem(error instanceof Error ? error.message : String(error));
    }
    setBusy(false);
  };
  const forget = () => {
    void engine.removeCheckpoints(run.id);
    onClose();
  };
  if (stopped.isElsewhere) return <Elsewhere run={run} onGone={onGone} onClose={onClose} />;
  const stood = isFinished(stopped) ? 'finished' : 'stopped';
  return (
    <section className={clsx('notice', styles.card)} aria-label="The last run">
      <span>
        <b>Your last run {stood}</b> after step {count(student.step)}: {nameOf(run)}, on {run.data},{' '}
        {new Date(run.startedAt).toLocaleString('en-GB', { dateStyle: 'medium', timeStyle: 'short' })}. Its
        student is kept in this browser.
        {problem && <span role="alert"> {problem}</span>}
      </span>
      {isAsking ? (
        <Asking
          words={missing.map(inWords).join(' and ')}
          onFiles={(files) => void goOnWith(async () => give(stopped, given, await files))}
        />
      ) : (
        <button
          type="button"
          className="button is-primary"
          disabled={isBusy}
          onClick={() => void goOnWith(() => reopenDropped(stopped))}
        >
          {isFinished(stopped) ? 'Open it' : 'Go on'}
        </button>
      )}
      <button type="button" className="quiet" disabled={isBusy} onClick={forget}>
        Forget it
      </button>
      <button type="button" className="quiet" disabled={isBusy} onClick={onClose}>
        Not now
      </button>
    </section>
  );
}

interface ElsewhereProps {
  run: KeptRun;
  onGone: () => void;
  onClose: () => void;
}

/** A run that another tab trains: it can be watched here. A tab that was just closed has it a moment longer. */
function Elsewhere({ run, onGone, onClose }: ElsewhereProps) {
  const [isWatched, setWatched] = useState(false);
  const [phase, setPhase] = useState('');
  const seen = useKept((state) => state.runs.find(({ id }) => id === run.id)) ?? run;
  useEffect(() => (isWatched ? watch(run, setPhase, onGone) : hearFree(run.id, onGone)), [isWatched, run]);
  const steps = stepsOf(seen);
  return (
    <section className={clsx('notice', styles.card)} aria-label="The last run">
      <span>
        {isWatched ? (
          <>
            <b>Watching your run in the other tab</b>: {phase && `${phase}, `}step {count(steps)}, total loss{' '}
            {loss(figureAt(seen, 'total', steps))}. Its curves are in the charts here.
          </>
        ) : (
          <>
            <b>Your last run is open in another tab</b>: {nameOf(run)}, on {run.data}. There it goes on.
          </>
        )}
      </span>
      <button type="button" className="button" onClick={() => setWatched(!isWatched)}>
        {isWatched ? 'Stop watching' : 'Watch it here'}
      </button>
      <button type="button" className="quiet" onClick={onClose}>
        Dismiss
      </button>
    </section>
  );
}

interface AskingProps {
  /** What is missing. */
  words: string;
  onFiles: (files: Promise<DroppedFile[]>) => void;
}

/** Takes again what was dropped. */
function Asking({ words, onFiles }: AskingProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    onFiles(readDrop(event.dataTransfer));
  };
  const choose = (chosen: DroppedFile[]) => onFiles(Promise.resolve(chosen));
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons do the same from the keyboard */}
      <span onDrop={drop} onDragOver={(event) => event.preventDefault()}>
        Drop {words} here again, or choose{' '}
        <button type="button" className="quiet" onClick={() => files.current?.click()}>
          files
        </button>{' '}
        or{' '}
        <button type="button" className="quiet" onClick={() => folder.current?.click()}>
          a folder
        </button>
      </span>
      <FilesInput inputRef={files} label="Files of the last run" onFiles={choose} />
      <FilesInput isFolder inputRef={folder} label="A folder of the last run" onFiles={choose} />
    </>
  );
}
