import type { Draft } from '../../../page/data/draft';
import type { DataOptions, DataSummary } from '../../../worker/api';
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
  const { renamed } = data;
  const doubts = [...data.doubts, ...useStore(({ captionDoubts }) => captionDoubts)];
  const apply = (change: DataOptions) =>
    void applying.apply({ ...draft, options: { ...options, ...change } });
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
      <div className={styles.otherForms}>
        {data.otherForms.map(({ name, format }) => (
          <button
            key={name}
            type="button"
            className="button"
            disabled={applying.isBusy}
            onClick={() => apply({ form: name, columns: undefined })}
          >
            Read it as {format}
          </button>
        ))}
        {(renamed || options.namesAsWritten) && (
          <button
            type="button"
            className="button"
            disabled={applying.isBusy}
            onClick={() => apply({ namesAsWritten: renamed && true })}
          >
            {renamed ? `Keep class names as written, such as ${renamed.from}` : 'Give classes readable names'}
          </button>
        )}
      </div>
    </div>
  );
}
