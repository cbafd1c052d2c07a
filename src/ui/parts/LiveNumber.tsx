import type { State } from '../../page/state';
import { useStore } from './stores';

interface Props {
  /** As it is read out. */
  label: string;
  /** What it says. */
  read: (state: State) => string;
  className?: string;
}

/** A number that moves while a run goes on, and nothing around it with it. */
export function LiveNumber({ label, read, className }: Props) {
  return (
    <output aria-label={label} className={className}>
      {useStore(read)}
    </output>
  );
}
