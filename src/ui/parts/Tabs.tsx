import type { KeyboardEvent, ReactNode } from 'react';
import './tabs.css';

interface Props<T extends string> {
  label: string;
  value: T;
  options: readonly (readonly [T, string])[];
  onChange: (value: T) => void;
  /** What the chosen tab shows. */
  children: ReactNode;
}

/** Tabs with what the chosen one shows below them; arrow keys go from one to the next. */
export function Tabs<T extends string>({ label, value, options, onChange, children }: Props<T>) {
  const onKey = (event: KeyboardEvent<HTMLDivElement>) => {
    const place = options.findIndex(([option]) => option === value);
    const places: Record<string, number> = {
      ArrowLeft: place - 1,
      ArrowRight: place + 1,
      Home: 0,
      End: options.length - 1,
    };
    const next = options[places[event.key]];
    if (!next) return;
    event.preventDefault();
    onChange(next[0]);
    document.getElementById(tabId(next[0]))?.focus();
  };
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} onKeyDown={onKey}>
        {options.map(([option, name]) => (
          <button
            type="button"
            role="tab"
            key={option}
            id={tabId(option)}
            aria-selected={option === value}
            aria-controls="tab-panel"
            tabIndex={option === value ? 0 : -1}
            onClick={() => onChange(option)}
          >
            {name}
          </button>
        ))}
      </div>
      <div className="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby={tabId(value)} key={value}>
        {children}
      </div>
    </>
  );
}

const tabId = (option: string) => `tab-${option}`;
