import clsx from 'clsx';
import { Camera, Trash2, X } from 'lucide-react';
import { plural } from '../../../page/format';
import styles from './camera.module.css';
import type { ShownClass, ShownShot } from './useShots';

/** The latest pictures are shown, so many of them. */
const MOST_SHOWN = 12;

interface Props {
  number: number;
  shown: ShownClass;
  isRunning: boolean;
  isRecorded: boolean;
  isRemovable: boolean;
  record(id: string): Promise<void>;
  stop(id: string): void;
  rename(id: string, name: string): void;
  removeClass(id: string): void;
  removeShots(id: string, gone: readonly ShownShot[]): void;
}

/** A class: its name, the button that takes pictures while it is held, and the pictures. */
export function CameraClass({ number, shown, isRunning, isRecorded, isRemovable, ...act }: Props) {
  const { id, name, shots } = shown;
  const called = name.trim() || `class ${number}`;
  const start = () => void act.record(id);
  const stop = () => act.stop(id);
  return (
    <section className={styles.class} aria-label={called}>
      <div className={styles.head}>
        <input
          className="field"
          aria-label={`Name of class ${number}`}
          placeholder={`Class ${number}, such as “cup”`}
          maxLength={200}
          value={name}
          onChange={(event) => act.rename(id, event.target.value)}
        />
        <output aria-label={`Pictures of ${called}`}>{plural(shots.length, 'picture')}</output>
        <button
          type="button"
          className="button is-icon"
          aria-label={shots.length > 0 ? `Delete all pictures of ${called}` : `Remove ${called}`}
          disabled={shots.length === 0 && !isRemovable}
          onClick={() => (shots.length > 0 ? act.removeShots(id, shots) : act.removeClass(id))}
        >
          <Trash2 />
        </button>
      </div>
      <button
        type="button"
        className={clsx('button', styles.hold, isRecorded && styles.isHeld)}
        disabled={!isRunning}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          start();
        }}
        onPointerUp={stop}
        onLostPointerCapture={stop}
        onKeyDown={(event) => {
          if (event.key !== ' ' && event.key !== 'Enter') return;
          event.preventDefault();
          if (!event.repeat) start();
        }}
        onKeyUp={stop}
        onBlur={stop}
        onContextMenu={(event) => event.preventDefault()}
      >
        <Camera size={15} aria-hidden="true" />
        {isRecorded ? 'Taking pictures…' : `Hold to take pictures of ${called}`}
      </button>
      <ul className={styles.shots}>
        {shots.slice(-MOST_SHOWN).map((shot, i) => (
          <li key={shot.id}>
            <img src={shot.url} alt="" draggable={false} />
            <button
              type="button"
              aria-label={`Delete picture ${Math.max(0, shots.length - MOST_SHOWN) + i + 1} of ${called}`}
              onClick={() => act.removeShots(id, [shot])}
            >
              <X />
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
}
