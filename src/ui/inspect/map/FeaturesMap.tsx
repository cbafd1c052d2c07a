import clsx from 'clsx';
import { lazy, type ReactNode, Suspense, useEffect } from 'react';
import { computeUmap, followByPca, isNumeric, type Method, mapStore } from '../../../page/map/layouts';
import { Segments } from '../../parts/Segments';
import { useCompared, useStore } from '../../parts/stores';
import styles from './FeaturesMap.module.css';
import { UmapProgress } from './UmapProgress';
import { useMap } from './useMap';

/** With what zooms it, it comes when it is first looked at. */
const FeaturesMapBody = lazy(() => import('./FeaturesMapBody'));

const methods: readonly (readonly [Method, string])[] = [
  ['pca', 'PCA'],
  ['umap', 'UMAP'],
];

/** Every held-out image twice in one plane: where the teacher's features put it, and where the student's do. */
export function FeaturesMap({ head }: { head: ReactNode }) {
  const method = useMap((state) => state.method);
  const layout = useMap((state) => state[state.method]);
  const evaluation = useStore((state) => state.evaluation);
  const beside = useCompared((state) => state.other?.evaluation);
  useEffect(() => {
    if (evaluation) void followByPca(evaluation, beside);
  }, [evaluation, beside]);
  return (
    <>
      <div className="panel-head">
        {head}
        <Segments
          label="Projection"
          value={method}
          options={methods}
          onChange={(next) => mapStore.setState({ method: next })}
        />
      </div>
      {layout ? (
        <Suspense>
          <FeaturesMapBody layout={layout} />
        </Suspense>
      ) : (
        <Waiting />
      )}
    </>
  );
}

/** Why there is no map, and what leads to one. */
function Waiting() {
  const method = useMap((state) => state.method);
  const problem = useMap((state) => state.problem);
  const isComputing = useMap((state) => state.umapShare !== undefined);
  const evaluation = useStore((state) => state.evaluation);
  if (!evaluation)
    return (
      <p className={clsx('muted', styles.waiting)}>
        Here every held-out image is two points: where the teacher puts it, and where the student does.
      </p>
    );
  if (evaluation.images < 2)
    return (
      <p className={clsx('muted', styles.waiting)}>
        A map takes two images or more; here is {evaluation.images || 'none'}.
      </p>
    );
  if (method === 'pca')
    return (
      <p className={clsx('muted', styles.waiting)} role="status">
        {problem ?? 'Computing the map…'}
      </p>
    );
  if (isComputing)
    return (
      <div className={styles.ask}>
        <UmapProgress />
      </div>
    );
  const canCompute = isNumeric(evaluation);
  return (
    <div className={styles.ask}>
      <p className="muted">
        {canCompute
          ? 'UMAP lays neighbours side by side. It takes some seconds, and shows the features as they are now.'
          : 'UMAP takes numbers, and some of the student’s features are none any more: it has diverged.'}
      </p>
      {problem && <p role="alert">{problem}</p>}
      <button type="button" className="button" disabled={!canCompute} onClick={() => void computeUmap()}>
        Compute UMAP
      </button>
    </div>
  );
}
