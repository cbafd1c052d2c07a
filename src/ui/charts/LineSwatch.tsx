import styles from './Chart.module.css';

interface Props {
  /** The name of a colour in tokens.css. */
  colour: string;
  dash?: readonly number[];
}

/** A piece of a chart's line. */
export function LineSwatch({ colour, dash }: Props) {
  return (
    <svg className={styles.lineSwatch} width="22" height="8" aria-hidden="true">
      <path d="M0 4H22" stroke={`var(--${colour})`} strokeWidth="2" strokeDasharray={dash?.join(' ')} />
    </svg>
  );
}
