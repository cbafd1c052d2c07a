import clsx from 'clsx';
import type { ReactNode, Ref } from 'react';
import styles from './Scroller.module.css';

interface Props {
  ref?: Ref<HTMLElement>;
  label: string;
  className?: string;
  children: ReactNode;
}

/** A part of the page that scrolls by itself, by keys too. */
export function Scroller({ ref, label, className, children }: Props) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without the focus, keys would not scroll it.
    <section ref={ref} className={clsx(styles.scroller, className)} tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
