import clsx from 'clsx';
import { useMemo, useState } from 'react';
import { count } from '../../../page/format';
import { nameOf } from '../../../page/inspect/compare';
import { computeUmap, isNumeric, type Layout } from '../../../page/map/layouts';
import { OneLine } from '../../parts/OneLine';
import { useChosen, useCompared, useStore } from '../../parts/stores';
import styles from './FeaturesMapBody.module.css';
import { MapCanvas } from './MapCanvas';
import { isIn, type Mark } from './places';
import { Readout } from './Readout';
import { UmapProgress } from './UmapProgress';
import { useMap } from './useMap';

/** The map with its legend, and what it says of the image that is looked at. */
export default function FeaturesMapBody({ layout: found }: { layout: Layout }) {
  const [hasLines, setHasLines] = useState(true);
  const [hasTexts, setHasTexts] = useState(false);
  const [pointed, setPointed] = useState<Mark>();
  const chosen = useChosen((state) => state.image);
  const other = useCompared((state) => state.other);
  const isCompared = found.beside !== undefined && found.beside.evaluation === other?.evaluation;
  // A student that is compared with no more is shown no more.
  const layout = useMemo(() => (isCompared ? found : { ...found, beside: undefined }), [found, isCompared]);
  const compared = isCompared ? other : undefined;
  // Another evaluation may have fewer images.
  const active = pointed && isIn(layout, pointed) ? pointed : undefined;
  const followed = { row: layout.evaluation.predictions.findIndex(({ image }) => image === chosen) };
  const shown = active ?? (isIn(layout, followed) ? followed : undefined);
  return (
    <div className={styles.body}>
      <div className={styles.left}>
        <MapCanvas
          key={layout.key}
          layout={layout}
          hasLines={hasLines}
          hasTexts={hasTexts}
          active={active}
          shown={shown}
          onActive={setPointed}
        />
        <div className={styles.legend}>
          <span className="of-teacher">
            <i className={styles.ring} /> teacher
          </span>
          <span className="of-student">
            <i className={styles.disc} /> student{compared && `, step ${count(layout.evaluation.step)}`}
          </span>
          {compared && (
            <span className={clsx('of-student', styles.other)}>
              <i className={styles.small} /> <OneLine text={nameOf(compared)} />
            </span>
          )}
          <label>
            <input type="checkbox" checked={hasLines} onChange={() => setHasLines(!hasLines)} />
            lines
          </label>
          {layout.texts && (
            <label>
              <input type="checkbox" checked={hasTexts} onChange={() => setHasTexts(!hasTexts)} />
              <i className={styles.diamond} /> texts
            </label>
          )}
          <Note layout={layout} />
        </div>
      </div>
      <Readout layout={layout} shown={shown} compared={compared && nameOf(compared)} />
    </div>
  );
}

/** What the axes hold of the features, or how old the map is; first of all, that the student's are no numbers any more. */
function Note({ layout: { student, shares, evaluation, beside } }: { layout: Layout }) {
  const latest = useStore((state) => state.evaluation);
  const other = useCompared((state) => state.other?.evaluation);
  const isComputing = useMap((state) => state.umapShare !== undefined);
  if (student.some(Number.isNaN))
    return <p className={styles.note}>Some of the student’s features are no numbers: it has diverged.</p>;
  if (shares)
    return (
      <p className={styles.note} title="Shares of the variance of the teacher’s features">
        axes: {whole(shares[0])} + {whole(shares[1])} % of the variance
      </p>
    );
  if (isComputing) return <UmapProgress />;
  const isLatest = latest === evaluation;
  if (isLatest && beside?.evaluation === other)
    return <p className={styles.note}>distances between groups mean little</p>;
  return (
    <p className={styles.note}>
      {isLatest ? 'of this student alone' : `as after step ${evaluation.step}`}
      {latest && isNumeric(latest) && (
        <button type="button" className="quiet" onClick={() => void computeUmap()}>
          Compute again
        </button>
      )}
    </p>
  );
}

const whole = (share: number) => Math.round(100 * share);
