import type { Draft } from '../../../page/data/draft';
import type { DataSummary } from '../../../worker/api';
import { useStore } from '../../parts/stores';
import styles from './overview.module.css';
import type { Applying } from './useApplying';

export interface Props {
  data: DataSummary;
  draft: Draft;
  applying: Applying;
}

/** What the data was recognised as, by what, what is unsure of it, and what it could be instead, a click away. */
export function Recognised({ data, draft, applying }: Props) {
  const { options } = draft;
  const doubts = [...data.doubts, ...useStore(({ captionDoubts }) => captionDoubts)];
  const readAs = (form: string) =>
    applying.apply({ ...draft, options: { ...options, form, columns: undefined } });
  return (
    <div className={styles.recognised}>
      <b>{data.format}</b>
      <p>{data.why}</p>
      {doubts.length > 0 && (
        <ul aria-label="Doubts" className={styles.doubts}>
          {doubts.map((doubt) => (
            <li key={doubt}>{doubt}</li>
          ))}
        </ul>
      )}
      {data.otherForms.length > 0 && (
        <div className={styles.otherForms}>
          {data.otherForms.map(({ name, format }) => (
            <button
              key={name}
              type="button"
              className="button"
              disabled={applying.isBusy}
              onClick={() => void readAs(name)}
            >
              Read it as {format}
            </button>
          ))}
        </div>
      )}
    </div>
  );
}
