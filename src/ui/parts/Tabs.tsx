import { Tabs as Primitive } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './Tabs.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  /** What the chosen tab shows. */
  children: ReactNode;
}

/** Tabs with what the chosen one shows below them. */
export function Tabs<T extends string>({ label, value, options, onChange, children }: Props<T>) {
  const change = (next: string) => {
    const chosen = options.find(([option]) => option === next);
    if (chosen) onChange(chosen[0]);
  };
  return (
    <Primitive.Root className={styles.root} value={value} onValueChange={change}>
      <Primitive.List className={styles.list} aria-label={label}>
        {options.map(([option, name]) => (
          <Primitive.Trigger key={option} className={styles.tab} value={option}>
            {name}
          </Primitive.Trigger>
        ))}
      </Primitive.List>
      {options.map(([option]) => (
        <Primitive.Content key={option} className={styles.panel} value={option}>
          {children}
        </Primitive.Content>
      ))}
    </Primitive.Root>
  );
}
