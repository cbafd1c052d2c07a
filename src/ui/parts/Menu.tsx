import styles from './Menu.module.css';

interface Props<T extends string> {
  label: string;
  /** Its label stands before it; else it is read out alone. */
  isLabelled?: boolean;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

/** One of a few words, as a menu that looks like text. */
export function Menu<T extends string>({ label, isLabelled = false, value, options, onChange }: Props<T>) {
  return (
    <label className={isLabelled ? styles.labelled : styles.menu}>
      <span className={isLabelled ? undefined : 'unseen'}>{label}</span>
      <select
        value={value}
        onChange={(event) => {
          const chosen = options.find(([id]) => id === event.target.value);
          if (chosen) onChange(chosen[0]);
        }}
      >
        {options.map(([id, name]) => (
          <option key={id} value={id}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
