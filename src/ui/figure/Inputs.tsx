import { DataImage } from '../parts/DataImage';
import { useStore } from '../parts/stores';
import { place } from './Box';
import styles from './inputs.module.css';
import type { Layout } from './layOut';
import { useWatched } from './useWatched';

/** What goes in: images of a batch, and a text. */
export function Inputs({ layout }: { layout: Layout }) {
  const samples = useStore((state) => state.data?.samples);
  const data = useStore((state) => state.data?.name);
  const watched = useWatched();
  const text = watched?.truth[0] ?? samples?.[0]?.text;
  const images = [...(watched ? [watched.image] : []), ...(samples ?? []).map(({ image }) => image)];
  return (
    <>
      <div className={styles.inputs} data-box="images" style={place(layout.images)}>
        {[...new Set(images)].slice(0, 4).map((image) => (
          <DataImage key={`${data} ${image}`} index={image} alt="" />
        ))}
      </div>
      <div className={styles.inputText} style={place(layout.texts)} title={text}>
        <span>{text}</span>
      </div>
    </>
  );
}
