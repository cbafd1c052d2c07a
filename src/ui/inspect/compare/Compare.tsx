import { ChevronDown } from 'lucide-react';
import type { ReactNode } from 'react';
import { choices, compareWith, nameOf } from '../../../page/inspect/compare';
import { useCompared, useKept, useStore } from '../../parts/stores';
import styles from './Compare.module.css';

const ALONE = '';

/** Puts another moment of the run, or another run, beside what is shown. @param children what is shown, in words */
export default function Compare({ children }: { children: ReactNode }) {
  // Each may change what there is to choose.
  useStore((state) => state.evaluation);
  useStore((state) => state.moment);
  useKept((state) => state.runs);
  const other = useCompared((state) => state.other);
  const all = choices();
  return (
    <span className={styles.compare} title="Compares with another moment of this run, or with another run">
      {children}
      <span className={styles.with}>
        <span>{other ? `with ${nameOf(other)}` : 'compare'}</span>
      </span>
      <ChevronDown />
      <select
        aria-label="Compare with"
        value={all.find(({ of }) => of && of === other)?.key ?? ALONE}
        onChange={({ target }) => void compareWith(all.find(({ key }) => key === target.value))}
      >
        <option value={ALONE}>nothing</option>
        {all.map(({ key, name }) => (
          <option key={key} value={key}>
            {name}
          </option>
        ))}
      </select>
    </span>
  );
}
