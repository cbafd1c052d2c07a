import { cancelUmap } from '../../../page/map/layouts';
import styles from './UmapProgress.module.css';
import { useMap } from './useMap';

/** How far a UMAP under way is, and what ends it. */
export function UmapProgress() {
  const share = useMap((state) => state.umapShare ?? 0);
  return (
    <div className={styles.progress}>
      <span>UMAP</span>
      <div
        role="progressbar"
        aria-label="UMAP"
        aria-valuenow={Math.round(share * 100)}
        aria-valuemin={0}
        aria-valuemax={100}
      >
        <i style={{ transform: `scaleX(${share})` }} />
      </div>
      <button type="button" className="quiet" onClick={cancelUmap}>
        Cancel
      </button>
    </div>
  );
}
