import clsx from 'clsx';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { readDrop } from '../../page/data/readDrop';
import { engine } from '../../page/engine';
import { count } from '../../page/format';
import { nameOf } from '../../page/runs/nameOf';
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
import type { DroppedFile } from '../../worker/api';
import { FilesInput } from '../parts/FilesInput';
import { useStore } from '../parts/stores';
import styles from './ReturnNotice.module.css';

/** Offers to go on with the run of an earlier visit, where it stopped. */
export default function ReturnNotice() {
  const [stopped, setStopped] = useState<Stopped>();
  const runId = useStore((state) => state.runId);
  useEffect(() => {
    void findStopped().then(setStopped);
  }, []);
  if (!stopped || stopped.run.id === runId) return null;
  return <Offer stopped={stopped} onClose={() => setStopped(undefined)} />;
}

function Offer({ stopped, onClose }: { stopped: Stopped; onClose: () => void }) {
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
  if (stopped.isElsewhere)
    return (
      <section className={clsx('notice', styles.card)} aria-label="The last run">
        <span>
          <b>Your last run is open in another tab</b>: {nameOf(run)}, on {run.data}. There it goes on.
        </span>
        <button type="button" className="quiet" onClick={onClose}>
          Dismiss
        </button>
      </section>
    );
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
