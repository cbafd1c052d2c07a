import clsx from 'clsx';
import { lazy, Suspense, useState } from 'react';
import { shareOfTeacher } from '../../page/chance';
import { describeAmong, differenceInWords } from '../../page/describeRun';
import { count, loss, percentage, plural } from '../../page/format';
import { accuracyFormula, studentFormula, termFormula } from '../../page/formulas';
import { evaluationAt, figureAt, stepsOf } from '../../page/runs/figures';
import { hide, show } from '../../page/runs/kept';
import type { KeptRun } from '../../page/runs/stored';
import { runSoFar } from '../../page/store';
import type { Run } from '../../run/schema';
import { LineSwatch } from '../charts/LineSwatch';
import { lineStyle } from '../charts/lineStyles';
import { Explained } from '../parts/Explained';
import { OneLine } from '../parts/OneLine';
import { useKept, useQueue, useStore } from '../parts/stores';
import styles from './results.module.css';
import { useComparedStep } from './useComparedStep';
import { useShownRuns } from './useShownRuns';

const RunsDialog = lazy(() =>
  import('../runs/RunsDialog').then((module) => ({ default: module.RunsDialog })),
);
const QueueDialog = lazy(() =>
  import('../runs/QueueDialog').then((module) => ({ default: module.QueueDialog })),
);

/** Beside those in the charts. */
const LATEST = 4;

/** The run of the moment and some of those before it, with their figures at one step. */
export function RunsCard() {
  const [open, setOpen] = useState<'runs' | 'queue'>();
  const current = useStore((state) => state.runId);
  const loaded = useStore((state) => state.loadedRun);
  const all = useKept((state) => state.runs);
  const areCaptions = useStore(({ data }) => data?.classes.length === 0);
  const shown = useShownRuns();
  const others = all.filter(({ id }) => id !== current);
  const rows = [...shown, ...others.slice(0, LATEST).filter((run) => !shown.includes(run))];
  const settings = [loaded, ...rows.map(({ run }) => run)];
  return (
    <div className={clsx('panel', styles.runs, rows.length === 0 && styles.isAlone)}>
      <div className="panel-head">
        <h2>Runs</h2>
        <div>
          <QueueButton onOpen={() => setOpen('queue')} />
          <button type="button" className="quiet" onClick={() => setOpen('runs')}>
            {others.length > 0
              ? `${others.length > 1 ? 'All ' : ''}${count(others.length)} earlier…`
              : 'All runs…'}
          </button>
        </div>
      </div>
      <ul>
        <li className={clsx('muted', styles.heads)}>
          <span />
          <span />
          <ComparedStep />
          <Explained name="KL" formula={termFormula('kl')} />
          <Explained name={areCaptions ? 'recall@1' : 'accuracy'} formula={accuracyFormula('student')} />
        </li>
        <CurrentRow all={settings} />
        {rows.map((run) => (
          <OtherRow key={run.id} run={run} all={settings} place={shown.indexOf(run)} />
        ))}
        {rows.length === 0 && (
          <li className={clsx('muted', styles.hint)}>Restart with other settings to compare.</li>
        )}
      </ul>
      <Comparison />
      {open !== 'queue' && <QueueNews />}
      <Suspense>
        {open === 'runs' && <RunsDialog onClose={() => setOpen(undefined)} />}
        {open === 'queue' && <QueueDialog onClose={() => setOpen(undefined)} />}
      </Suspense>
    </div>
  );
}

function QueueButton({ onOpen }: { onOpen: () => void }) {
  const queue = useQueue((state) => state.queue);
  const isActive = useQueue((state) => state.isActive);
  const done = queue?.items.filter(({ state }) => state !== 'waiting' && state !== 'running').length ?? 0;
  return (
    <button type="button" className={isActive ? 'quiet is-strong' : 'quiet'} onClick={onOpen}>
      {isActive && queue ? `Comparing, ${done} of ${queue.items.length}` : 'Compare settings…'}
    </button>
  );
}

/** What a comparison has to tell while its dialog is closed. */
function QueueNews() {
  const said = useQueue((state) => state.said);
  return (
    <p role="status" className="unseen">
      {said}
    </p>
  );
}

/** Where the figures below it are of, so that like stands beside like. */
function ComparedStep() {
  const step = useComparedStep();
  return <span>{step !== undefined && `at step ${count(step)}`}</span>;
}

interface RowProps {
  /** Settings of the runs that are shown. */
  all: readonly Run[];
}

function CurrentRow({ all }: RowProps) {
  const loaded = useStore((state) => state.loadedRun);
  const phase = useStore((state) => state.phase);
  const id = useStore((state) => state.runId);
  const given = useKept((state) => state.runs.find((run) => run.id === id)?.name);
  useStore((state) => state.version);
  useStore((state) => state.evaluations);
  const run = runSoFar();
  const name = given ?? describeAmong(loaded, all);
  return (
    <li>
      <span />
      <LineSwatch colour="student" />
      <span className={styles.runName} title={`${name}, ${phase}`}>
        <OneLine text={name} /> <span className="muted">{phase}</span>
      </span>
      <Figures run={run} />
    </li>
  );
}

/** @param place among those in the charts; below 0 for those that are not */
function OtherRow({ run, all, place }: RowProps & { run: KeptRun; place: number }) {
  const loaded = useStore((state) => state.loadedRun);
  const data = useStore((state) => state.data?.name);
  const name = run.name ?? describeAmong(run.run, all);
  const steps = stepsOf(run);
  const note = !data || run.data === data ? plural(steps, 'step') : `on ${run.data}`;
  const isPlain = steps === loaded.train.steps && run.data === data;
  const difference = differenceInWords(run.run, loaded) || 'the settings of now';
  const isShown = place >= 0;
  return (
    <li>
      <input
        type="checkbox"
        checked={isShown}
        aria-label={`${name}, ${note}, in the charts`}
        onChange={() => (isShown ? hide(run.id) : show(run.id))}
      />
      {isShown ? <LineSwatch {...lineStyle(place)} /> : <span />}
      <span className={styles.runName} title={`${name}, ${note}: ${difference}`}>
        <OneLine text={name} /> {!isPlain && <span className="muted">{note}</span>}
      </span>
      <Figures run={run} />
    </li>
  );
}

function Figures({ run }: { run: KeptRun | undefined }) {
  const step = useComparedStep();
  return (
    <>
      <span>{loss(run && figureAt(run, 'kl', step))}</span>
      <b>{percentage(run && evaluationAt(run, step)?.student.top1)}</b>
    </>
  );
}

/** What the student costs and what it achieves, against the teacher. */
function Comparison() {
  const teacher = useStore((state) => state.teacher);
  const student = useStore((state) => state.student);
  const share = useStore(({ evaluation, data }) => shareOfTeacher(evaluation, data?.texts));
  if (!teacher || !student) return null;
  return (
    <p className={styles.comparison}>
      <Explained name="The student has" formula={studentFormula} className={styles.sentence}>
        {' '}
        <b>{percentOf(student.imageParameters, teacher.imageParameters)}</b>
        {/* A full stop of its own would jump when the rest comes. */}
        {share === undefined ? (
          ' of the teacher’s parameters.'
        ) : (
          <>
            {' of the teacher’s parameters and '}
            <b>{percentOf(share, 1)}</b>
            {' of its accuracy.'}
          </>
        )}
      </Explained>
    </p>
  );
}

const percentOf = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(0)} %`;
