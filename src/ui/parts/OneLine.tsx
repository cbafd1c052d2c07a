import styles from './OneLine.module.css';

/** In letters: what names that begin alike differ in. */
const END = 12;

/** A text on one line, cut in its middle where there is no room: names of runs often differ at their ends alone. */
export function OneLine({ text }: { text: string }) {
  const letters = [...text];
  const split = letters.length > 2 * END ? letters.length - END : letters.length;
  return (
    <span className={styles.oneLine}>
      <span>{letters.slice(0, split).join('')}</span>
      {letters.slice(split).join('')}
    </span>
  );
}
