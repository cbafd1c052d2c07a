import './segments.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
}

/** One of a few, side by side. */
export function Segments<T extends string>({ label, value, options, onChange }: Props<T>) {
  return (
    <fieldset className="segments" aria-label={label}>
      {options.map(([option, name]) => (
        <label key={option} className={option === value ? 'is-on' : ''}>
          <input
            type="radio"
            className="unseen"
            name={label}
            checked={option === value}
            onChange={() => onChange(option)}
          />
          {name}
        </label>
      ))}
    </fieldset>
  );
}
