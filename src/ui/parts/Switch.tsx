import { Switch as Primitive } from 'radix-ui';
import type { ComponentProps } from 'react';
import styles from './Switch.module.css';

/** What else it takes, a tooltip around it gives. */
interface Props extends Omit<ComponentProps<typeof Primitive.Root>, 'onChange'> {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

export function Switch({ label, isOn, onChange, ...others }: Props) {
  return (
    <Primitive.Root
      {...others}
      className={styles.switch}
      aria-label={label}
      checked={isOn}
      onCheckedChange={onChange}
    >
      <Primitive.Thumb className={styles.thumb} />
    </Primitive.Root>
  );
}
