import { useState } from 'react';
import type { SectionProps } from '../../../page/data/draft';
import type { DataSummary } from '../../../worker/api';
import { Menu } from '../../parts/Menu';
import { Scroller } from '../../parts/Scroller';
import review from './review.module.css';
import styles from './tableColumns.module.css';

type Table = DataSummary['tables'][number];
type Columns = Table['chosen'];

const kinds = [
  ['captions', 'captions'],
  ['classes', 'class names'],
] as const;

/** Which columns of a table hold what, with its first rows below. One choice counts for all tables. */
export function TableColumns({ tables, draft, onChange }: SectionProps & { tables: Table[] }) {
  const [path, setPath] = useState(tables[0].path);
  const table = tables.find((one) => one.path === path) ?? tables[0];
  const chosen = draft.options.columns ?? table.chosen;
  const set = (change: Partial<Columns>) =>
    onChange({ options: { ...draft.options, columns: { ...chosen, ...change } } });
  const names = table.columns.map((column) => [column, column] as const);
  return (
    <div className={review.column}>
      <div className={styles.columnChoices}>
        {tables.length > 1 && (
          <Menu
            isLabelled
            label="Table"
            value={path}
            options={tables.map((one) => [one.path, one.path])}
            onChange={setPath}
          />
        )}
        <Menu
          isLabelled
          label="Image"
          value={chosen.image}
          options={names}
          onChange={(image) => set({ image })}
        />
        <Menu
          isLabelled
          label="Text"
          value={chosen.text}
          options={names}
          onChange={(text) => set({ text })}
        />
        <Menu
          isLabelled
          label="Texts are"
          value={chosen.kind}
          options={kinds}
          onChange={(kind) => set({ kind })}
        />
        <Menu
          isLabelled
          label="Split"
          value={chosen.split ?? ''}
          options={[['', 'none'], ...names]}
          onChange={(split) => set({ split: split || undefined })}
        />
      </div>
      <FirstRows table={table} chosen={chosen} />
    </div>
  );
}

function FirstRows({ table, chosen }: { table: Table; chosen: Columns }) {
  const roleOf = (column: string) =>
    column === chosen.image
      ? 'image'
      : column === chosen.text
        ? 'text'
        : column === chosen.split
          ? 'split'
          : '';
  return (
    <Scroller className={styles.firstRows} label={`The first rows of ${table.path}`}>
      <table>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} data-role={roleOf(column)} dir="auto">
                {column} {roleOf(column) && <small>{roleOf(column)}</small>}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, r) => (
            <tr key={r}>
              {table.columns.map((column, c) => (
                <td key={column} data-role={roleOf(column)} dir="auto">
                  {row[c]?.slice(0, 200)}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroller>
  );
}
