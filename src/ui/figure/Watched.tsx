import { ChevronLeft, ChevronRight } from 'lucide-react';
import { chosenStore } from '../../page/inspect/chosen';
import { DataImage } from '../parts/DataImage';
import { useLabel } from '../parts/labels';
import { useStore } from '../parts/stores';
import { place } from './Box';
import { Butterfly } from './Butterfly';
import type { Rect } from './layOut';
import { useWatched } from './useWatched';
import styles from './watched.module.css';

/** The image that the figure follows, and what both models answer. */
export function Watched({ rect }: { rect: Rect }) {
  const data = useStore((state) => state.data?.name);
  const predictions = useStore((state) => state.evaluation?.predictions);
  const watched = useWatched();
  const label = useLabel();
  if (!watched || !predictions) return null;
  const at = predictions.indexOf(watched);
  const go = (by: number) =>
    chosenStore.setState({ image: predictions.at((at + by) % predictions.length)?.image });
  const name = watched.truth.map(label).join(', ');
  return (
    <section className={styles.watched} aria-label="Followed image" style={place(rect)}>
      <div className={styles.watchedHead}>
        <DataImage key={`${data} ${watched.image}`} index={watched.image} alt={name} />
        <p>
          <b title={watched.path}>{name || watched.path}</b>
          <small>
            held-out image {at + 1} of {predictions.length}
          </small>
        </p>
        <button type="button" className="button is-icon" aria-label="Image before" onClick={() => go(-1)}>
          <ChevronLeft />
        </button>
        <button type="button" className="button is-icon" aria-label="Next image" onClick={() => go(1)}>
          <ChevronRight />
        </button>
      </div>
      <Butterfly />
    </section>
  );
}
