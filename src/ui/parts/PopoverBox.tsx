import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import styles from './PopoverBox.module.css';

/** What opens below a Popover's trigger. */
export function PopoverBox({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Popover.Portal>
      <Popover.Content
        className={styles.box}
        align="end"
        sideOffset={8}
        collisionPadding={16}
        aria-label={label}
      >
        {children}
      </Popover.Content>
    </Popover.Portal>
  );
}
