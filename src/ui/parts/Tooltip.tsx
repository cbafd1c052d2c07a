import { Tooltip as Primitive } from 'radix-ui';
import type { ReactElement, ReactNode } from 'react';
import styles from './Tooltip.module.css';

interface Props {
  text: ReactNode;
  side?: 'top' | 'right' | 'bottom' | 'left';
  /** What it explains: one element that takes the focus. */
  children: ReactElement;
}

/** Explains a control, to the pointer and to the focus alike. */
export function Tooltip({ text, side = 'bottom', children }: Props) {
  return (
    <Primitive.Root>
      <Primitive.Trigger asChild>{children}</Primitive.Trigger>
      <Primitive.Portal>
        <Primitive.Content className={styles.tooltip} side={side} sideOffset={6} collisionPadding={8}>
          {text}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}
