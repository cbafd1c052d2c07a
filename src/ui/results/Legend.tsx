import type { ReactNode } from 'react';
import type { State } from '../../page/state';
import { LineSwatch } from '../charts/LineSwatch';
import { Explained } from '../parts/Explained';
import styles from './results.module.css';

interface Entry {
  name: string;
  /** With the numbers of the moment. */
  formula: (state: State) => string;
  colour: string;
  dash?: readonly number[];
  value: ReactNode;
}

/** What the lines of a chart are, with their values at the pointer or else of the last step; a last cell for more. */
export function Legend({ entries, children }: { entries: Entry[]; children: ReactNode }) {
  return (
    <ul className={styles.legend}>
      {entries.map(({ name, formula, colour, dash, value }) => (
        <li key={name}>
          <LineSwatch colour={colour} dash={dash} />
          <Explained name={name} formula={formula}>
            {' '}
            {value}
          </Explained>
        </li>
      ))}
      <li>{children}</li>
    </ul>
  );
}
