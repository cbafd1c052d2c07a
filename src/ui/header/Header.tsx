import clsx from 'clsx';
import { CircleQuestionMark } from 'lucide-react';
import { lazy, Suspense, useCallback, useMemo, useState } from 'react';
import { togglePresenting } from '../../page/lessons/open';
import { unsavedStudent } from '../../page/share/saved';
import { reset } from '../../page/store';
import { LessonsButton } from '../lessons/LessonsButton';
import { useStore } from '../parts/stores';
import { Tooltip } from '../parts/Tooltip';
import { ExportButton } from './ExportButton';
import styles from './Header.module.css';
import { ShareButton } from './ShareButton';
import { Status } from './Status';
import { ThemeButton } from './ThemeButton';
import { Transport } from './Transport';
import { useKeys } from './useKeys';

const AdviceButton = lazy(() =>
  import('../advice/AdviceButton').then((module) => ({ default: module.AdviceButton })),
);
const LossDialog = lazy(() =>
  import('../parts/LossDialog').then((module) => ({ default: module.LossDialog })),
);
const KeysDialog = lazy(() => import('./KeysDialog').then((module) => ({ default: module.KeysDialog })));

export function Header() {
  const [hasHelp, setHelp] = useState(false);
  /** The student that a restart would lose. */
  const [lost, setLost] = useState<string>();
  // Before the engine is there, there is no run to judge.
  const hasEngine = useStore(({ device }) => device !== undefined);
  const askedReset = useCallback(() => {
    const student = unsavedStudent();
    if (student) setLost(student);
    else void reset();
  }, []);
  const keys = useMemo(
    () => ({ p: togglePresenting, '?': () => setHelp(true), r: askedReset }),
    [askedReset],
  );
  useKeys(keys);
  return (
    <header className={clsx('header', styles.header)}>
      <h1 className={styles.brand}>
        <Flask />
        clip-distillery
      </h1>
      <Transport onReset={askedReset} />
      <Status />
      <Suspense>{hasEngine && <AdviceButton />}</Suspense>
      <LessonsButton />
      <ShareButton />
      <ExportButton />
      <ThemeButton />
      <Tooltip text="Help and keys (?)">
        <button type="button" className="button is-icon" aria-label="Help" onClick={() => setHelp(true)}>
          <CircleQuestionMark />
        </button>
      </Tooltip>
      <Suspense>
        {lost && (
          <LossDialog
            title="Start again?"
            lost={lost}
            action="Start again"
            onGo={() => void reset()}
            onClose={() => setLost(undefined)}
          />
        )}
      </Suspense>
      <Suspense>{hasHelp && <KeysDialog onClose={() => setHelp(false)} />}</Suspense>
    </header>
  );
}

function Flask() {
  return (
    <svg width="20" height="20" viewBox="0 0 20 20" aria-hidden="true">
      <path
        d="M7 2h6M8.5 2v5.2L3.6 15.4A1.8 1.8 0 0 0 5.2 18h9.6a1.8 1.8 0 0 0 1.6-2.6L11.5 7.2V2"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.6"
        strokeLinecap="round"
      />
      <circle cx="10" cy="14.4" r="1.7" fill="var(--student)" />
      <circle cx="12.7" cy="12" r="1.1" fill="var(--teacher)" />
    </svg>
  );
}
