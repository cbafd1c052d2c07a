import { useMemo } from 'react';
import { percent } from '../../page/format';
import { PLACES, recallsOf } from '../../page/inspect/recalls';
import { useStore } from '../parts/stores';
import styles from './results.module.css';

/** How often an image's own caption is among a model's first ones, where the data has captions. */
export function Recalls() {
  const evaluation = useStore((state) => state.evaluation);
  const rows = useMemo(() => (evaluation ? rowsOf(evaluation) : []), [evaluation]);
  return (
    <table className={styles.recalls}>
      <thead>
        <tr>
          <th scope="col">recall, %</th>
          {PLACES.map((k) => (
            <th key={k} scope="col">
              @{k}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map(([name, recalls]) => (
          <tr key={name} className={`of-${name}`}>
            <th scope="row">{name}</th>
            {PLACES.map((k, i) => (
              <td key={k}>{percent(recalls?.[i])}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function rowsOf(
  evaluation: Parameters<typeof recallsOf>[0],
): [name: string, recalls: number[] | undefined][] {
  const texts = evaluation.logits.texts.length;
  return [
    ['student', recallsOf(evaluation, 'student')],
    ['teacher', recallsOf(evaluation, 'teacher')],
    ['chance', PLACES.map((k) => Math.min(1, k / texts))],
  ];
}
