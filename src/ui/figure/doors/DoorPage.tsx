import { type ReactNode, useState } from 'react';
import { useSizes } from '../useSizes';
import styles from './doors.module.css';
import { Formula, Numbers } from './Formula';
import { explain, type SymbolName, type SymbolValues } from './symbols';

interface Props {
  formulas: readonly { tex: string; spoken: string }[];
  values?: SymbolValues;
  /** The formulas with the numbers of the moment, as TeX. */
  numbers: readonly string[];
  /** What is said in words below the numbers. */
  facts?: string;
  /** What it is for. */
  says: string;
  /** Its picture. */
  children: ReactNode;
}

const noValues: SymbolValues = {};

/** What stands behind a box: its formulas, their symbols explained, the numbers of the moment, and a picture. */
export function DoorPage({ formulas, values = noValues, numbers, facts, says, children }: Props) {
  const sizes = useSizes();
  const [symbol, setSymbol] = useState<SymbolName>();
  return (
    <div className={styles.door}>
      <div className={styles.doorText}>
        <p>{says}</p>
        {formulas.map(({ tex, spoken }) => (
          <Formula key={tex} tex={tex} spoken={spoken} sizes={sizes} values={values} onSymbol={setSymbol} />
        ))}
        <p className={styles.symbolNote}>
          {symbol ? explain(symbol, sizes, values) : 'Point at a symbol to see what it is.'}
        </p>
        {numbers.map((tex, i) => (
          // Lines keep their places while their numbers move.
          <Numbers key={i} tex={tex} />
        ))}
        {facts && <p className={styles.facts}>{facts}</p>}
      </div>
      <div className={styles.doorPicture}>{children}</div>
    </div>
  );
}
