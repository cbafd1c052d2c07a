import clsx from 'clsx';
import { describeAmong } from '../../page/describeRun';
import { percentage, plural } from '../../page/format';
import { estimate, imagesOf } from '../../page/runs/duration';
import { bestOf, cancelQueue, dropQueue, goOn, type Queue } from '../../page/runs/queue';
import { isLoading, wantsPlay } from '../../page/state';
import { togglePlay } from '../../page/store';
import { Dialog } from '../parts/Dialog';
import { Scroller } from '../parts/Scroller';
import { useKept, useQueue, useStore } from '../parts/stores';
import { QueueForm } from './QueueForm';
import { QueueTable } from './QueueTable';
import styles from './runs.module.css';
import { StudentButtons } from './StudentButtons';
import { useImagesPerSecond } from './useImagesPerSecond';

/** Runs that differ in chosen settings, trained one after another, and a table that fills as they go. */
export function QueueDialog({ onClose }: { onClose: () => void }) {
  const queue = useQueue((state) => state.queue);
  const said = useQueue((state) => state.said);
  return (
    <Dialog title="Compare settings" isLarge onClose={onClose}>
      {queue ? (
        <>
          <div className={styles.runsBody}>
            <Progress queue={queue} />
            <BestStudent queue={queue} onOpened={onClose} />
            <Scroller label="Runs that are compared">
              <QueueTable queue={queue} />
            </Scroller>
          </div>
          <QueueFoot queue={queue} />
        </>
      ) : (
        <QueueForm />
      )}
      <p role="status" className="unseen">
        {said}
      </p>
    </Dialog>
  );
}

/** The best student so far, which is kept. */
function BestStudent({ queue, onOpened }: { queue: Queue; onOpened: () => void }) {
  const best = bestOf(queue);
  const kept = useKept(({ runs }) => runs.find(({ id }) => id === best?.id));
  if (!best?.outcome || !kept?.trained)
    return <p className={clsx('muted', styles.bestStudent)}>The best student will be kept.</p>;
  const all = queue.items.map(({ run }) => run);
  const name = kept.name ?? describeAmong(kept.run, all);
  const share = best.outcome.student ?? best.outcome.agreement;
  return (
    <p className={styles.bestStudent}>
      <span title="The best of several by what they were tested on: on other images it may be a little worse.">
        The best student is kept: <b>{name}</b>, {percentage(share)}
      </span>
      <span className="spring" />
      <StudentButtons kept={kept} name={name} hasWords onOpened={onOpened} />
    </p>
  );
}

/** How far it is, and how long it will take. */
function Progress({ queue }: { queue: Queue }) {
  const isActive = useQueue((state) => state.isActive);
  const step = useStore((state) => state.metrics?.step ?? 0);
  const isPlaying = useStore(wantsPlay);
  const perSecond = useImagesPerSecond();
  const open = queue.items.filter(({ state }) => state === 'waiting' || state === 'running');
  const running = queue.items.find(({ state }) => state === 'running');
  const done = queue.items.length - open.length;
  const images = imagesOf(open.map(({ run }) => run)) - (running ? step * running.run.train.batchSize : 0);
  const left = images > 0 ? estimate(images, queue.items, perSecond) : '';
  const partly = running?.run.train.steps ? Math.min(1, step / running.run.train.steps) : 0;
  const state = !isActive ? (open.length > 0 ? 'stopped' : 'all done') : isPlaying ? 'running' : 'paused';
  return (
    <div className={styles.queueProgress}>
      <span>
        <b>
          {done} of {plural(queue.items.length, 'run')}
        </b>
        , {state}
        {isActive && left && `, ${left} left`}
      </span>
      <div
        role="progressbar"
        aria-label="Runs that are compared"
        aria-valuenow={done}
        aria-valuemin={0}
        aria-valuemax={queue.items.length}
      >
        <i style={{ transform: `scaleX(${(done + partly) / queue.items.length})` }} />
      </div>
    </div>
  );
}

function QueueFoot({ queue }: { queue: Queue }) {
  const isActive = useQueue((state) => state.isActive);
  const isPlaying = useStore(wantsPlay);
  const isBusy = useStore(isLoading);
  const data = useStore((state) => state.data?.name);
  const hasMore = queue.items.some(({ state }) => state === 'waiting');
  const isSameData = queue.data === data;
  return (
    <div className="dialog-foot">
      <span className="muted">
        {hasMore && !isSameData
          ? `It began on ${queue.data}: open that again to go on.`
          : isActive
            ? 'It goes on when this is closed, and in a hidden tab. Your settings come back at its end.'
            : 'Every run of it is kept among the runs.'}
      </span>
      <span className="spring" />
      {isActive && (
        <button type="button" className="button" disabled={isBusy} onClick={() => void togglePlay()}>
          {isPlaying ? 'Pause' : 'Resume'}
        </button>
      )}
      {isActive ? (
        <button type="button" className="button" onClick={cancelQueue}>
          Stop
        </button>
      ) : (
        <button type="button" className="button" onClick={dropQueue}>
          New comparison
        </button>
      )}
      {!isActive && hasMore && (
        <button
          type="button"
          className="button is-primary"
          disabled={!isSameData}
          onClick={() => void goOn()}
        >
          Go on
        </button>
      )}
    </div>
  );
}
