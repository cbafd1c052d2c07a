import clsx from 'clsx';
import { Slider } from 'radix-ui';
import { useState } from 'react';
import { setting } from '../../page/format';
import styles from './StopSlider.module.css';

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
  return (
    <div className={clsx(styles.stopSlider, disabled && styles.isDisabled)}>
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
      <Slider.Root
        className={styles.slider}
        max={stops.length - 1}
        value={[nearest(stops, value)]}
        disabled={disabled}
        onValueChange={([place]) => onChange(stops[place])}
      >
        <Slider.Track className={styles.track}>
          <Slider.Range className={styles.range} />
        </Slider.Track>
        <Slider.Thumb className={styles.thumb} aria-label={label} aria-valuetext={setting(value)} />
      </Slider.Root>
    </div>
  );
}

/** The index of the stop nearest to `value` in ratio, since most scales here are logarithmic. */
function nearest(stops: readonly number[], value: number): number {
  const distance = (stop: number) => Math.abs(Math.log((stop + 1e-9) / (value + 1e-9)));
  return stops.reduce((best, stop, i) => (distance(stop) < distance(stops[best]) ? i : best), 0);
}
