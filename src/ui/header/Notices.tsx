import clsx from 'clsx';
import { lazy, Suspense } from 'react';
import { dismiss } from '../../page/store';
import { useStore } from '../parts/stores';
import styles from './Notices.module.css';

/** What stores runs answers only when the engine has begun. */
const ReturnNotice = lazy(() => import('../survive/ReturnNotice'));
const DivergedNotice = lazy(() => import('../survive/DivergedNotice'));
const EndedNotice = lazy(() => import('../survive/EndedNotice'));
const SilentNotice = lazy(() => import('../survive/SilentNotice'));

/** What went wrong, in the flow of the page, so that nothing is covered; and the last run, which moves nothing. */
export function Notices() {
  const problems = useStore((state) => state.problems);
  const hasDiverged = useStore((state) => state.diverged !== undefined);
  const isSilent = useStore((state) => state.isSilent);
  const hasEnded = useStore((state) => state.ended !== undefined);
  const hasStarted = useStore((state) => state.device !== undefined);
  return (
    <div className={clsx('notices', styles.notices)}>
      <Suspense>{hasStarted && <ReturnNotice />}</Suspense>
      <Suspense>{hasDiverged && <DivergedNotice />}</Suspense>
      <Suspense>{hasEnded && <EndedNotice />}</Suspense>
      <Suspense>{isSilent && <SilentNotice />}</Suspense>
      {problems.map(({ id, message, isNotice }) => (
        <div
          key={id}
          className={clsx('notice', !isNotice && 'is-problem')}
          role={isNotice ? 'status' : 'alert'}
        >
          <span>{message}</span>
          <button type="button" className="quiet" onClick={() => dismiss(id)}>
            Dismiss
          </button>
        </div>
      ))}
    </div>
  );
}
