import clsx from 'clsx';
import { ArrowDown, ArrowUp, SlidersHorizontal, X } from 'lucide-react';
import { useState } from 'react';
import { differenceInWords } from '../../page/describeRun';
import { count, loss, percent, percentage, plural } from '../../page/format';
import { duration } from '../../page/runs/duration';
import { commonStep, type Outcome, outcomeOf, stepsOf } from '../../page/runs/figures';
import { hide, MOST_SHOWN, remove, rename, show } from '../../page/runs/kept';
import { namesAmong } from '../../page/runs/nameOf';
import type { KeptRun } from '../../page/runs/stored';
import { changeRun, saveRun } from '../../page/store';
import { leastTold } from '../../run/statistics';
import { LineSwatch } from '../charts/LineSwatch';
import { lineStyle } from '../charts/lineStyles';
import { OneLine } from '../parts/OneLine';
import { useKept, useStore } from '../parts/stores';
import styles from './runs.module.css';
import { StudentButtons } from './StudentButtons';

/** Figures at the step at which runs are compared, where this one can be. */
interface Row extends Outcome {
  kept: KeptRun;
  name: string;
  steps: number;
  /** As far as it came, where that is another step. */
  end?: Outcome;
}

type Key = 'name' | 'startedAt' | 'steps' | 'student' | 'agreement' | 'kl' | 'seconds';

const columns: readonly (readonly [Key, string, string, isCompared?: boolean])[] = [
  ['name', 'Name', ''],
  ['startedAt', 'Begun', ''],
  ['steps', 'Steps', ''],
  ['student', 'Student', 'Share of images that the student names rightly, as last measured by then', true],
  [
    'agreement',
    'Agreement',
    'Share of images for which both models choose the same text, as last measured by then',
    true,
  ],
  ['kl', 'KL', 'KL of the logits after this step; totals of different parts can’t be compared', true],
  ['seconds', 'Time', 'Of training alone, without pauses and evaluations'],
];
const WHICH_STEP = 'The last step that all in the charts have reached on these data.';

interface Props {
  /** The run of the moment, which stands first. */
  current: KeptRun | undefined;
  others: KeptRun[];
  onClose: () => void;
}

export function RunsTable({ current, others, onClose }: Props) {
  const [sort, setSort] = useState<{ key: Key; isUp: boolean }>({ key: 'startedAt', isUp: false });
  const all = current ? [current, ...others] : others;
  const names = namesAmong(all);
  const isAlike = useAlike();
  const at = useComparedStep(all.filter(isAlike), current?.id);
  const rowOf = (kept: KeptRun): Row => {
    const [steps, end] = [stepsOf(kept), outcomeOf(kept)];
    const compared = isAlike(kept) ? outcomeOf(kept, at) : undefined;
    const name = names.get(kept.id) ?? '';
    return {
      ...compared,
      kept,
      name,
      steps,
      seconds: end.seconds,
      end: compared && steps === at ? undefined : end,
    };
  };
  const rows = sorted(others.map(rowOf), sort.key, sort.isUp);
  return (
    <table className={styles.runsTable}>
      <Noise of={current ? [rowOf(current), ...rows] : rows} />
      <thead>
        <tr>
          <th scope="col">
            <span className="unseen">In the charts, {MOST_SHOWN} at most</span>
          </th>
          {columns.map(([key, label, title, isCompared]) => (
            <th
              key={key}
              scope="col"
              title={isCompared ? `${title}. ${WHICH_STEP}` : title}
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
              {isCompared && at !== undefined && <small>at step {count(at)}</small>}
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

/** How much of what lies between two runs may be chance. */
function Noise({ of }: { of: readonly Row[] }) {
  const measured = of.flatMap(({ student, images }) =>
    student === undefined || images === undefined ? [] : { student, images },
  );
  if (measured.length < 2) return null;
  const images = Math.min(...measured.map((one) => one.images));
  const told = leastTold(
    measured.map(({ student }) => student),
    images,
  );
  return (
    <caption className="muted">
      On {plural(images, 'image')}, two runs whose accuracies are less than {percent(told)} points apart may
      differ by chance (95 %). Compare settings… with several seeds tells more.
    </caption>
  );
}

/** Whether runs can be compared with those on the data that are open. */
function useAlike(): (run: KeptRun) => boolean {
  const data = useStore((state) => state.data?.name);
  return (run) => data === undefined || run.data === data;
}

/** The last step that all in the charts have reached, or all of `runs` where none is there. */
function useComparedStep(runs: KeptRun[], current: string | undefined): number | undefined {
  const shown = useKept((state) => state.shown);
  const inCharts = runs.filter(({ id }) => id === current || shown.includes(id));
  return commonStep(inCharts.length > 0 ? inCharts : runs);
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
  const teacher = kept.evaluations.at(-1)?.teacher.top1;
  const about = `${difference}; ${kept.data}; teacher ${percentage(teacher)}; ${kept.device}`;
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
      <Figure of={row} name="student" write={percentage} />
      <Figure of={row} name="agreement" write={percentage} />
      <Figure of={row} name="kl" write={loss} />
      <td>{duration(row.seconds)}</td>
      <td>{!isCurrent && <RowButtons kept={kept} name={name} onClose={onClose} />}</td>
    </tr>
  );
}

interface FigureProps {
  of: Row;
  name: 'student' | 'agreement' | 'kl';
  write: (value: number | undefined) => string;
}

/** A figure at the step at which runs are compared, and, marked as what can't be, at the run's own end. */
function Figure({ of: { end, kept, steps, ...row }, name, write }: FigureProps) {
  return (
    <td>
      {write(row[name])}
      {end?.[name] !== undefined && (
        <small title={`After ${plural(steps, 'step')} on ${kept.data}: not to be compared with the others`}>
          at end {write(end[name])}
        </small>
      )}
    </td>
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
    <span className={styles.nameField}>
      <input
        type="text"
        dir="auto"
        aria-label={`Name of ${name}`}
        title={name}
        value={typed ?? name}
        maxLength={200}
        onChange={({ target }) => setTyped(target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <span aria-hidden="true">
        <OneLine text={typed ?? name} />
      </span>
    </span>
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
