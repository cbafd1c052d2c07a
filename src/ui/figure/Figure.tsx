import clsx from 'clsx';
import { lazy, Suspense, useMemo } from 'react';
import { intro } from '../parts/intro';
import { ProgressBar } from '../parts/ProgressBar';
import { useStage, useStore } from '../parts/stores';
import { useSize } from '../parts/useSize';
import { Flow } from './Flow';
import styles from './figure.module.css';
import { Inputs } from './Inputs';
import { Losses } from './Losses';
import { layOut } from './layOut';
import { Towers } from './Towers';
import { Watched } from './Watched';

const stages = {
  make: lazy(() => import('../teach/MakeTeacher').then((module) => ({ default: module.MakeTeacher }))),
  adapt: lazy(() => import('../teach/AdaptTeacher').then((module) => ({ default: module.AdaptTeacher }))),
};

/** What is under way, as a figure: distillation, or a stage before it. */
export function Figure() {
  const stage = useStage((state) => state.stage);
  if (!stage) return <Distillation />;
  const Stage = stages[stage];
  return (
    <section className={clsx('panel', styles.figure)} aria-label="Before distillation">
      <Suspense>
        <Stage />
      </Suspense>
    </section>
  );
}

/** The paper's figure, alive: what flows where, how large it is, and what the losses say about it. */
function Distillation() {
  const isNew = useStore((state) => state.metrics === undefined && state.progress.length === 0);
  const [ref, { width, height }] = useSize<HTMLDivElement>();
  const layout = useMemo(() => layOut(width, height), [width, height]);
  return (
    <section className={clsx('panel', styles.figure)} aria-label="Distillation">
      <div className="panel-head">
        <h2>Distillation</h2>
        {isNew && <p className={styles.intro}>{intro}</p>}
        <ProgressBar />
      </div>
      <div className={styles.figureScroll}>
        <div className={styles.figureArea} ref={ref}>
          {width > 0 && (
            <>
              <Flow layout={layout} />
              <Inputs layout={layout} />
              <Towers layout={layout} />
              <Losses layout={layout} />
              <Watched rect={layout.watched} />
            </>
          )}
        </div>
      </div>
    </section>
  );
}
