import { useEffect, useState } from 'react';
import { report, store, tryLoad } from '../../page/store';
import { lastOf, type Stopped } from '../../page/survive/stopped';
import { DataImage } from '../parts/DataImage';
import { useStore } from '../parts/stores';
import styles from './DivergedNotice.module.css';

const SHOWN = 16;

/** The pictures of the step whose loss was no number, and the way back to the last checkpoint before it. */
export default function DivergedNotice() {
  const diverged = useStore((state) => state.diverged);
  const runId = useStore((state) => state.runId);
  const [last, setLast] = useState<Stopped>();
  useEffect(() => {
    void lastOf(runId).then(setLast, () => setLast(undefined));
  }, [runId]);
  if (!diverged) return null;
  const goBack = async ({ student, run }: Stopped) => {
    store.setState({ problems: [] });
    await tryLoad({ trained: { student, run }, plays: false }).catch(report);
  };
  return (
    <section className="notice" aria-label="Where the loss stopped being a number">
      <span>The images of step {diverged.step}:</span>
      <ul className={styles.images}>
        {diverged.images.slice(0, SHOWN).map((image, place) => (
          <li key={`${place} ${image}`}>
            <DataImage index={image} alt={`Image ${image}`} />
          </li>
        ))}
      </ul>
      {last && (
        <button type="button" className="button" onClick={() => void goBack(last)}>
          Back to step {last.student.step}, the last that was kept
        </button>
      )}
    </section>
  );
}
