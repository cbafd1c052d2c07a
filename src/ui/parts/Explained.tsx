import clsx from 'clsx';
import type { ReactNode } from 'react';
import type { State } from '../../page/state';
import styles from './Explained.module.css';
import { useStore } from './stores';
import { Tooltip } from './Tooltip';

interface Props {
  /** The quantity's name. It takes the focus. */
  name: ReactNode;
  /** Its formula with the numbers of the moment. */
  formula: (state: State) => string;
  /** Its number, and what else belongs to it. */
  children?: ReactNode;
  isNumberFirst?: boolean;
  className?: string;
}

/** A quantity whose formula opens under the pointer, anywhere on it, and with the focus. */
export function Explained({ name, formula, children, isNumberFirst = false, className }: Props) {
  return (
    <span className={clsx(styles.explained, className)}>
      {isNumberFirst && children}
      <Tooltip text={<Current read={formula} />}>
        <button type="button" className={styles.name}>
          {name}
        </button>
      </Tooltip>
      {!isNumberFirst && children}
    </span>
  );
}

/** Text of the state of the moment, for tooltips: it costs nothing while they are closed. */
export function Current({ read }: { read: (state: State) => string }) {
  return useStore(read);
}
