import type { ReactNode } from 'react';
import { LineSwatch } from './LineSwatch';

interface Entry {
  name: string;
  /** Its formula, under the pointer. */
  formula: string;
  colour: string;
  dash?: readonly number[];
  value: string;
}

/** What the lines of a chart are, with their values at the pointer or else of the last step; a last cell for more. */
export function Legend({ entries, children }: { entries: Entry[]; children: ReactNode }) {
  return (
    <ul className="legend">
      {entries.map(({ name, formula, colour, dash, value }) => (
        <li key={name} title={formula}>
          <LineSwatch colour={colour} dash={dash} />
          {name} <b>{value}</b>
        </li>
      ))}
      <li>{children}</li>
    </ul>
  );
}
