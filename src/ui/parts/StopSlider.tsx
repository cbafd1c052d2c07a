import { type CSSProperties, useState } from 'react';
import { setting } from '../format';
import './stopSlider.css';

interface Props {
  label: string;
  value: number;
  /** The values that the slider rests at, ascending; any other can be typed. */
  stops: readonly number[];
  /** What may be typed. */
  isValid: (value: number) => boolean;
  disabled?: boolean;
  onChange: (value: number) => void;
}

/** A slider over good values with a field for any other. */
export function StopSlider({ label, value, stops, isValid, disabled = false, onChange }: Props) {
  const [typed, setTyped] = useState<string>();
  const commit = () => {
    const number = Number(typed);
    if (typed !== undefined && typed.trim() !== '' && isValid(number)) onChange(number);
    setTyped(undefined);
  };
  const place = nearest(stops, value);
  const filled: CSSProperties & Record<'--filled', string> = {
    '--filled': `${(place / (stops.length - 1)) * 100}%`,
  };
  return (
    <div className="stop-slider" aria-disabled={disabled}>
      <span aria-hidden>{label}</span>
      <input
        type="text"
        inputMode="decimal"
        aria-label={`${label}, typed`}
        value={typed ?? setting(value)}
        disabled={disabled}
        onFocus={(event) => event.target.select()}
        onChange={(event) => setTyped(event.target.value)}
        onBlur={commit}
        onKeyDown={(event) => event.key === 'Enter' && commit()}
      />
      <input
        type="range"
        aria-label={label}
        aria-valuetext={setting(value)}
        min={0}
        max={stops.length - 1}
        value={place}
        disabled={disabled}
        style={filled}
        onChange={(event) => onChange(stops[event.target.valueAsNumber])}
      />
    </div>
  );
}

/** The index of the stop nearest to `value` in ratio, since most scales here are logarithmic. */
function nearest(stops: readonly number[], value: number): number {
  const distance = (stop: number) => Math.abs(Math.log((stop + 1e-9) / (value + 1e-9)));
  return stops.reduce((best, stop, i) => (distance(stop) < distance(stops[best]) ? i : best), 0);
}
