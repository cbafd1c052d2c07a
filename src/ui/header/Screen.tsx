import { wakeLockStore, wantScreen } from '../../page/survive/wakeLock';
import { Switch } from '../parts/Switch';
import { hookOf } from '../parts/stores';
import styles from './KeysDialog.module.css';

const useWakeLock = hookOf(wakeLockStore);

/** Keeps the screen on while a run trains, where the browser can. */
export function Screen() {
  const isWanted = useWakeLock((state) => state.isWanted);
  if (isWanted === undefined) return null;
  return (
    <section aria-label="Screen" className={styles.screen}>
      <div>
        <h3>Keep the screen on while it trains</h3>
        <p>A phone or laptop that sleeps lets training stand still until it wakes.</p>
      </div>
      <Switch label="Keep the screen on" isOn={isWanted} onChange={wantScreen} />
    </section>
  );
}
