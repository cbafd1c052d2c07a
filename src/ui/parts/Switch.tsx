import { Switch as Primitive } from 'radix-ui';
import styles from './Switch.module.css';
import { Tooltip } from './Tooltip';

interface Props {
  label: string;
  isOn: boolean;
  onChange: (isOn: boolean) => void;
}

export function Switch({ label, isOn, onChange }: Props) {
  return (
    <Tooltip text={`${label}: ${isOn ? 'on' : 'off'}`}>
      <Primitive.Root className={styles.switch} aria-label={label} checked={isOn} onCheckedChange={onChange}>
        <Primitive.Thumb className={styles.thumb} />
      </Primitive.Root>
    </Tooltip>
  );
}
