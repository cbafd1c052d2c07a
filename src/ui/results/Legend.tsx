interface Entry {
  name: string;
  /** Its formula, under the pointer. */
  formula: string;
  colour: string;
  isDashed?: boolean;
  value: string;
}

/** What the lines of a chart are, with their values at the pointer or else of the last step. */
export function Legend({ entries, note }: { entries: Entry[]; note: string }) {
  return (
    <ul className="legend">
      {entries.map(({ name, formula, colour, isDashed, value }) => (
        <li key={name} title={formula}>
          <i style={{ borderTop: `2.5px ${isDashed ? 'dotted' : 'solid'} var(--${colour})` }} />
          {name} <b>{value}</b>
        </li>
      ))}
      <li className="muted">{note}</li>
    </ul>
  );
}
