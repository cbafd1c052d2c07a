import clsx from 'clsx';
import { type DragEvent, useState } from 'react';
import { count, plural } from '../../page/format';
import { readRuns } from '../../page/runs/importRuns';
import { keepImported, MOST_RUNS, remove, removeUnread, undoRemove } from '../../page/runs/kept';
import { runSoFar } from '../../page/store';
import { Dialog } from '../parts/Dialog';
import { Scroller } from '../parts/Scroller';
import { useKept, useStore } from '../parts/stores';
import { ExportRuns } from './ExportRuns';
import { ImportButton } from './ImportButton';
import { RunsTable } from './RunsTable';
import styles from './runs.module.css';

/** Every run, of this visit and of earlier ones: to name, compare, export and import. */
export function RunsDialog({ onClose }: { onClose: () => void }) {
  const kept = useKept((state) => state.runs);
  const id = useStore((state) => state.runId);
  const [said, setSaid] = useState('');
  const [problems, setProblems] = useState<string[]>([]);
  useStore((state) => state.version);
  const now = runSoFar();
  const current = now && { ...now, name: kept.find((run) => run.id === id)?.name };
  const others = kept.filter((run) => run.id !== id);
  const take = async (files: readonly File[]) => {
    const wrong: string[] = [];
    let taken = 0;
    for (const file of files) {
      try {
        const read = await readRuns(file);
        wrong.push(...read.problems);
        const left = keepImported(read.runs);
        taken += read.runs.length - left;
        if (left > 0)
          wrong.push(
            `${plural(left, 'run')} of ${file.name} can't be kept: there are ${MOST_RUNS} already, and yours come first. Delete some and import again.`,
          );
      } catch (error) {
        wrong.push(error instanceof Error ? error.message : String(error));
      }
    }
    setProblems(wrong);
    setSaid(taken > 0 ? `${plural(taken, 'run')} imported` : '');
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    void take([...event.dataTransfer.files]);
  };
  return (
    <Dialog title="Runs" isLarge onClose={onClose}>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the Import button does the same by keys. */}
      <div className={styles.runsBody} onDrop={drop} onDragOver={(event) => event.preventDefault()}>
        {problems.map((problem) => (
          <p key={problem} role="alert" className="notice is-problem">
            <span>{problem}</span>
          </p>
        ))}
        <Unread />
        {!current && others.length === 0 ? (
          <p className={clsx('muted', styles.empty)}>
            No run yet. Press Play: every run is kept here with its settings, curves and results. A
            colleague’s run can be imported, too.
          </p>
        ) : (
          <Scroller label="All runs">
            <RunsTable current={current} others={others} onClose={onClose} />
          </Scroller>
        )}
      </div>
      <div className={clsx('dialog-foot', styles.runsFoot)}>
        <span className="muted" role="status">
          {said}
        </span>
        <Deleted />
        <span className="spring" />
        <ImportButton onFiles={(files) => void take(files)} />
        <button
          type="button"
          className="button"
          disabled={others.length === 0}
          onClick={() => remove(others.map((run) => run.id))}
        >
          Delete all
        </button>
        <ExportRuns all={current ? [current, ...others] : others} />
      </div>
    </Dialog>
  );
}

/** Stored runs that can't be shown, and why. */
function Unread() {
  const unread = useKept((state) => state.unread);
  if (unread.length === 0) return null;
  return (
    <p role="alert" className="notice is-problem">
      <span>
        {plural(unread.length, 'stored run')} can’t be shown, and {unread.length === 1 ? 'stays' : 'stay'}{' '}
        stored for a version of this page that can. {unread[0].problem}
      </span>
      <button type="button" className="quiet" onClick={removeUnread}>
        Delete {unread.length === 1 ? 'it' : 'them'}
      </button>
    </p>
  );
}

/** What was deleted last, to take back; or else what is to be known of where runs are kept. */
function Deleted() {
  const deleted = useKept((state) => state.deleted.runs.length);
  const isStored = useKept((state) => state.isStored);
  const kept = useKept((state) => state.runs.length);
  if (deleted > 0)
    return (
      <span role="status">
        {plural(deleted, 'run')} deleted{' '}
        <button type="button" className="quiet is-strong" onClick={undoRemove}>
          Undo
        </button>
      </span>
    );
  if (!isStored)
    return <span className="muted">This browser stores nothing for this page: export what is to last.</span>;
  return kept >= MOST_RUNS ? (
    <span className="muted">{count(MOST_RUNS)} runs are kept; with the next one, the oldest goes.</span>
  ) : null;
}
