import { X } from 'lucide-react';
import { isImage } from '../../data/paths';
import { removePart } from '../../page/data/actions';
import { partName } from '../../page/data/partName';
import { count, plural } from '../../page/format';
import type { DataPart } from '../../worker/api';
import { useStore } from '../parts/stores';
import styles from './data.module.css';

/** What the data adds up from, each to be taken out again. */
export function PartChips() {
  const parts = useStore((state) => state.parts);
  return (
    <ul className={styles.parts} aria-label="What the data adds up from">
      {parts.map((part) => (
        <Part key={part.id} part={part} />
      ))}
    </ul>
  );
}

function Part({ part }: { part: DataPart }) {
  const name = partName(part);
  const images = 'hub' in part ? 0 : part.files.filter(({ path }) => isImage(path)).length;
  return (
    <li className={styles.part} title={images > 0 ? `${name}, ${plural(images, 'image')}` : name}>
      <b dir="auto">{name}</b>
      {images > 0 && <span>{count(images)}</span>}
      <button
        type="button"
        aria-label={`Remove ${name}`}
        onClick={(event) => {
          // This button goes; the keyboard goes on from the one that stays.
          event.currentTarget
            .closest('section')
            ?.querySelector<HTMLElement>('[aria-label="Data"] .drop')
            ?.focus();
          void removePart(part.id);
        }}
      >
        <X />
      </button>
    </li>
  );
}
