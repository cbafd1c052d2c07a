import clsx from 'clsx';
import { FastForward, FolderOpen } from 'lucide-react';
import { useState } from 'react';
import { plural } from '../../page/format';
import { openStudent } from '../../page/runs/openStudent';
import type { KeptRun } from '../../page/runs/stored';
import { unsavedStudent } from '../../page/share/saved';
import { report } from '../../page/store';
import { LossDialog } from '../parts/LossDialog';
import { useQueue, useStore } from '../parts/stores';
import styles from './runs.module.css';

interface Props {
  kept: KeptRun;
  name: string;
  /** Buttons with words, where there is room for them. */
  hasWords?: boolean;
  /** The student is on its way to the page. */
  onOpened: () => void;
}

/** Opens the student that is kept with a run, or trains it on; nothing where none is kept. */
export function StudentButtons({ kept, name, hasWords = false, onOpened }: Props) {
  const data = useStore((state) => state.data?.name);
  const isComparing = useQueue((state) => state.isActive);
  const [asked, setAsked] = useState<{ lost: string; more: number }>();
  const { trained } = kept;
  if (!trained) return null;
  const go = (more: number) => {
    onOpened();
    void openStudent(kept, more).catch(report);
  };
  const ask = (more: number) => {
    const lost = unsavedStudent();
    if (lost) setAsked({ lost, more });
    else go(more);
  };
  const wrong = isComparing
    ? 'Wait for the end of the comparison'
    : kept.data !== data
      ? `It was trained on ${kept.data}: open that first`
      : '';
  const steps = plural(trained.step, 'more step');
  const actions = [
    [0, FolderOpen, 'Open', `Open the student of ${name}`, 'to look at, to ask and to export'],
    [trained.step, FastForward, `Train on`, `Train the student of ${name} on`, `for ${steps}`],
  ] as const;
  return (
    <>
      {actions.map(([more, Icon, word, label, why]) => (
        <button
          key={word}
          type="button"
          className={clsx('button', !hasWords && ['is-icon', styles.isPlain])}
          aria-label={label}
          title={wrong || `${label}, ${why}`}
          disabled={wrong !== ''}
          onClick={() => ask(more)}
        >
          <Icon /> {hasWords && word}
        </button>
      ))}
      {asked && (
        <LossDialog
          title={`Open the student of ${name}?`}
          lost={asked.lost}
          action="Open"
          onGo={() => go(asked.more)}
          onClose={() => setAsked(undefined)}
        />
      )}
    </>
  );
}
