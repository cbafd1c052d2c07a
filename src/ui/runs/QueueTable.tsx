import clsx from 'clsx';
import { chanceOf } from '../../page/chance';
import { loss, percent, percentage, plural } from '../../page/format';
import { duration } from '../../page/runs/duration';
import type { Queue, QueuedRun } from '../../page/runs/queue';
import { type Combination, combine } from '../../page/runs/ranking';
import type { Estimate } from '../../run/statistics';
import { useStore } from '../parts/stores';
import styles from './runs.module.css';

/** A row a combination of settings; with several seeds, their mean and the interval of 95 %. */
export function QueueTable({ queue }: { queue: Queue }) {
  const rows = combine(queue.items);
  const texts = useStore((state) => state.data?.texts);
  const hasSeeds = rows.some(({ items }) => items.length > 1);
  return (
    <table className={clsx(styles.runsTable, styles.queueTable)}>
      <caption className="muted">{INTERVAL}</caption>
      <thead>
        <tr>
          {queue.axes.map((axis) => (
            <th key={axis} scope="col">
              {axis}
            </th>
          ))}
          {queue.axes.length === 0 && <th scope="col">Settings</th>}
          <th scope="col">Student</th>
          <th scope="col">Behind the best</th>
          <th scope="col">Agreement</th>
          <th scope="col" title={KL}>
            KL
          </th>
          <th scope="col" title="Of training alone">
            Time
          </th>
          <th scope="col">{hasSeeds ? 'Seeds' : 'State'}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((row) => (
          <tr key={JSON.stringify(row.values)} className={clsx(row.rank && styles.isBest)}>
            {row.values.map((value, i) => (
              <td key={queue.axes[i]}>{value}</td>
            ))}
            {row.values.length === 0 && <td>those of the page</td>}
            <td>
              {written(row.student, percent, ' %')}
              {row.rank && <b className={styles.best}>{row.rank}</b>}
            </td>
            <td>
              {written(row.behind, percent, ' points')}
              {row.behind && row.rank === 'tied' && <small>may be chance</small>}
            </td>
            <td>{written(row.agreement, percent, ' %')}</td>
            <td>{written(row.kl, loss, '')}</td>
            <td>{row.seconds > 0 ? duration(row.seconds) : '–'}</td>
            <td>
              <State row={row} />
            </td>
          </tr>
        ))}
        {references(queue, texts).map(([name, share]) => (
          <tr key={name} className="muted">
            <td colSpan={Math.max(1, queue.axes.length)}>{name}</td>
            <td>{percentage(share)}</td>
            <td colSpan={5} />
          </tr>
        ))}
      </tbody>
    </table>
  );
}

const KL = 'Of the logits after the last step; totals of different parts can’t be compared';
const INTERVAL =
  '± is half of an interval of 95 %: by Student’s t over the seeds, for differences paired by seed; with one seed by how many images it is tested on. More seeds tell more.';

/** What accuracies are to be held against, once there are any. */
function references({ items }: Queue, texts: number | undefined): [name: string, share: number][] {
  const teacher = items.find(({ outcome }) => outcome?.teacher !== undefined)?.outcome?.teacher;
  const chance = chanceOf(texts);
  if (teacher === undefined || chance === undefined) return [];
  return [
    ['Teacher', teacher],
    ['Chance', chance],
  ];
}

function written(estimate: Estimate | undefined, write: (n: number) => string, unit: string): string {
  if (!estimate) return '–';
  const { mean, half } = estimate;
  return half === undefined ? `${write(mean)}${unit}` : `${write(mean)} ± ${write(half)}${unit}`;
}

function State({ row: { items } }: { row: Combination }) {
  const step = useStore((state) => state.metrics?.step ?? 0);
  const failed = items.find(({ problem }) => problem !== undefined);
  if (failed)
    return (
      <span className="wrong" title={failed.problem}>
        failed: {failed.problem}
      </span>
    );
  const done = items.filter(({ state }) => state === 'done').length;
  const running = items.find(({ state }) => state === 'running');
  const ofSeeds = items.length > 1 ? `${done} of ${plural(items.length, 'seed')}` : '';
  const now = running ? stepOf(running, step) : ofSeeds ? '' : items[0].state;
  return <span className="muted">{[ofSeeds, now].filter(Boolean).join(', ')}</span>;
}

const stepOf = ({ run }: QueuedRun, step: number): string =>
  run.train.steps ? `step ${step} of ${run.train.steps}` : `step ${step}`;
