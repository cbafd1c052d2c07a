import { DataImage } from '../parts/DataImage';
import { useStore } from '../parts/stores';
import styles from './data.module.css';

const SHOWN = 12;

export function Thumbnails() {
  const data = useStore((state) => state.data);
  const version = useStore((state) => state.imagesVersion);
  const cells = Array.from({ length: SHOWN }, (_, place) => data?.samples[place]);
  return (
    <ul className={styles.thumbnails} aria-label="A few of the images">
      {cells.map((sample, place) => (
        <li key={`${version} ${sample?.image ?? place}`} title={sample?.text}>
          {sample && <DataImage index={sample.image} alt={sample.text} />}
        </li>
      ))}
    </ul>
  );
}
