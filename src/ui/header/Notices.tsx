import clsx from 'clsx';
import { dismiss } from '../../page/store';
import { useStore } from '../parts/stores';
import styles from './Notices.module.css';

/** What went wrong. In the flow of the page, so that nothing is covered. */
export function Notices() {
  const problems = useStore((state) => state.problems);
  return (
    <div className={clsx('notices', styles.notices)}>
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
