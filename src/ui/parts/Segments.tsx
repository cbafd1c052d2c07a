import { RadioGroup } from 'radix-ui';
import styles from './Segments.module.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Segments<T extends string>({ label, value, options, onChange }: Props<T>) {
  const change = (next: string) => {
    const chosen = options.find(([option]) => option === next);
    if (chosen && next !== value) onChange(chosen[0]);
  };
  return (
    <RadioGroup.Root className={styles.segments} aria-label={label} value={value} onValueChange={change}>
      {options.map(([option, name]) => (
        <RadioGroup.Item
          key={option}
          className={styles.segment}
          value={option}
          // Radix does so only while an arrow key is held, which misses a short press.
          onFocus={() => change(option)}
        >
          {name}
        </RadioGroup.Item>
      ))}
    </RadioGroup.Root>
  );
}
