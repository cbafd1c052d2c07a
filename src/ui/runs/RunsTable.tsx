import clsx from 'clsx';
import { ArrowDown, ArrowUp, SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import { differenceInWords } from '../../page/describeRun';
import { count, loss, percentage } from '../../page/format';
import { duration } from '../../page/runs/duration';
import { type Outcome, outcomeOf, stepsOf } from '../../page/runs/figures';
import { hide, MOST_SHOWN, remove, rename, show } from '../../page/runs/kept';
import { namesAmong } from '../../page/runs/nameOf';
import type { KeptRun } from '../../page/runs/stored';
import { changeRun, saveRun } from '../../page/store';
import { LineSwatch } from '../charts/LineSwatch';
import { lineStyle } from '../charts/lineStyles';
import { useKept, useStore } from '../parts/stores';
import styles from './runs.module.css';
import { StudentButtons } from './StudentButtons';

interface Row extends Outcome {
  kept: KeptRun;
  name: string;
  steps: number;
}

type Key = 'name' | 'startedAt' | 'steps' | 'student' | 'agreement' | 'kl' | 'seconds';

const columns: readonly (readonly [Key, string, string])[] = [
  ['name', 'Name', ''],
  ['startedAt', 'Begun', ''],
  ['steps', 'Steps', ''],
  ['student', 'Student', 'Share of images that the student names rightly, at last, and the teacher’s'],
  ['agreement', 'Agreement', 'Share of images for which both models choose the same text, at last'],
  ['kl', 'KL', 'KL of the logits after the last step; totals of different parts can’t be compared'],
  ['seconds', 'Time', 'Of training alone, without pauses and evaluations'],
];

interface Props {
  /** The run of the moment, which stands first. */
  current: KeptRun | undefined;
  others: KeptRun[];
  onClose: () => void;
}

export function RunsTable({ current, others, onClose }: Props) {
  const [sort, setSort] = useState<{ key: Key; isUp: boolean }>({ key: 'startedAt', isUp: false });
  const names = namesAmong(current ? [current, ...others] : others);
  const rowOf = (kept: KeptRun): Row => ({
    ...outcomeOf(kept),
    kept,
    name: names.get(kept.id) ?? '',
    steps: stepsOf(kept),
  });
  const rows = sorted(others.map(rowOf), sort.key, sort.isUp);
  return (
    <table className={styles.runsTable}>
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">In the charts, {MOST_SHOWN} at most</span>
          </th>
          {columns.map(([key, label, title]) => (
            <th
              key={key}
              scope="col"
              title={title}
              aria-sort={sort.key === key ? (sort.isUp ? 'ascending' : 'descending') : undefined}
            >
              <button
                type="button"
                className="quiet"
                onClick={() => setSort({ key, isUp: sort.key === key ? !sort.isUp : key === 'name' })}
              >
                {label}
                {sort.key === key && (sort.isUp ? <ArrowUp /> : <ArrowDown />)}
              </button>
            </th>
          ))}
          <th scope="col">
            <span className="unseen">Open its student, use its settings, or delete it</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {current && <RunRow row={rowOf(current)} isCurrent onClose={onClose} />}
        {rows.map((row) => (
          <RunRow key={row.kept.id} row={row} isCurrent={false} onClose={onClose} />
        ))}
      </tbody>
    </table>
  );
}

interface RowProps {
  row: Row;
  isCurrent: boolean;
  onClose: () => void;
}

function RunRow({ row, isCurrent, onClose }: RowProps) {
  const { kept, name } = row;
  const place = useKept((state) => state.shown.indexOf(kept.id));
  const loaded = useStore((state) => state.loadedRun);
  const difference = isCurrent
    ? 'the run of now'
    : differenceInWords(kept.run, loaded) || 'the settings of now';
  const style = isCurrent ? { colour: 'student' } : lineStyle(place);
  const about = `${difference}; ${kept.data}; ${kept.device}`;
  return (
    <tr>
      <td>
        <span className={styles.inCharts}>
          <input
            type="checkbox"
            aria-label={`${name} in the charts`}
            checked={isCurrent || place >= 0}
            disabled={isCurrent}
            onChange={() => (place >= 0 ? hide(kept.id) : show(kept.id))}
          />
          {(isCurrent || place >= 0) && <LineSwatch {...style} />}
        </span>
      </td>
      <td className={styles.named}>
        <NameField kept={kept} name={name} isCurrent={isCurrent} />
        <small title={about}>{about}</small>
      </td>
      <td>{begun(kept.startedAt)}</td>
      <td>{count(row.steps)}</td>
      <td>
        <b>{percentage(row.student)}</b>
        <small>teacher {percentage(row.teacher)}</small>
      </td>
      <td>{percentage(row.agreement)}</td>
      <td>{loss(row.kl)}</td>
      <td>{duration(row.seconds)}</td>
      <td>{!isCurrent && <RowButtons kept={kept} name={name} onClose={onClose} />}</td>
    </tr>
  );
}

function RowButtons({ kept, name, onClose }: { kept: KeptRun; name: string; onClose: () => void }) {
  const { method, loss, train } = kept.run;
  return (
    <span className={styles.rowButtons}>
      <StudentButtons kept={kept} name={name} onOpened={onClose} />
      <button
        type="button"
        className={clsx('button is-icon', styles.isPlain)}
        aria-label={`Use the settings of ${name}`}
        title="Use its settings: method, losses and training, on the data and models of now"
        onClick={() => changeRun({ method, loss, train })}
      >
        <SlidersHorizontal />
      </button>
      <button
        type="button"
        className={clsx('button is-icon', styles.isPlain)}
        aria-label={`Delete ${name}`}
        onClick={() => remove([kept.id])}
      >
        <X />
      </button>
    </span>
  );
}

/** The name, to be changed where it stands; emptied, it is again what the settings say. */
function NameField({ kept, name, isCurrent }: { kept: KeptRun; name: string; isCurrent: boolean }) {
  const [typed, setTyped] = useState<string>();
  const commit = () => {
    if (typed === undefined) return;
    // The run of the moment has its place among the kept ones from now on.
    if (isCurrent) saveRun();
    rename(kept.id, typed === name ? (kept.name ?? '') : typed);
    setTyped(undefined);
  };
  return (
    <input
      type="text"
      dir="auto"
      aria-label={`Name of ${name}`}
      value={typed ?? name}
      maxLength={200}
      onChange={({ target }) => setTyped(target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

function sorted(rows: Row[], key: Key, isUp: boolean): Row[] {
  const figureOf = (row: Row): string | number | undefined =>
    key === 'startedAt' ? row.kept.startedAt : row[key];
  const sign = isUp ? 1 : -1;
  return rows.toSorted((one, other) => {
    const [a, b] = [figureOf(one), figureOf(other)];
    // What was not measured stands last, either way.
    if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
    if (typeof a === 'string' || typeof b === 'string') return sign * String(a).localeCompare(String(b));
    return sign * (a - b);
  });
}

/** A time of today, or else the day. */
function begun(startedAt: number): string {
  const date = new Date(startedAt);
  return date.toDateString() === new Date().toDateString()
    ? date.toLocaleTimeString('en-GB', { hour: '2-digit', minute: '2-digit' })
    : date.toLocaleDateString('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });
}
