import clsx from 'clsx';
import { X } from 'lucide-react';
import { lazy, type ReactNode, Suspense, useEffect, useRef } from 'react';
import { type BoxName, closeBox } from '../../page/inspect/openBox';
import { type InspectView, showView, views } from '../../page/inspect/view';
import { Segments } from '../parts/Segments';
import { useCompared, useInspectView, useOpenBox, useStore } from '../parts/stores';
import styles from './inspect.module.css';
import { FeaturesMap } from './map/FeaturesMap';
import { Predictions } from './Predictions';

/** With its fields and lists, it comes when it is first asked for. */
const Ask = lazy(() => import('./ask/Ask').then((module) => ({ default: module.Ask })));
/** It comes when there is something to compare. */
const Compare = lazy(() => import('./compare/Compare'));
/** With its formulas, which take a library, it comes when the first door is opened. */
const Door = lazy(() => import('../figure/doors/Door'));

const titles: Record<BoxName, string> = {
  teacher: 'Teacher’s image tower',
  student: 'Student’s image tower',
  textTower: 'Teacher’s text tower',
  projector: 'Projector',
  ifalign: 'IFAlign',
  edu: 'EduAttention',
  refinement: 'Refinement',
  loss: 'Loss',
  qt: 'Teacher’s logits',
  qs: 'Student’s logits',
};

/** What stands behind the figure's open box; else the view of the held-out images that was chosen last. */
export function InspectPanel() {
  const box = useOpenBox((state) => state.box);
  const view = useInspectView((state) => state.view);
  const ref = useRef<HTMLElement>(null);
  // Where the page is scrolled, the door may be out of sight.
  useEffect(() => {
    if (box) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [box]);
  return (
    <section className={clsx('panel', styles.inspect)} aria-label="Inspect" id="inspect" ref={ref}>
      {box ? (
        <>
          <div className="panel-head">
            <h2>Inspect</h2>
            <p className={styles.inspectTitle}>{titles[box]}</p>
            <EvaluationNote />
            <button type="button" className="quiet" onClick={closeBox}>
              <X /> back to the {nameOf(view)}
            </button>
          </div>
          <Suspense fallback={<p className={clsx('muted', styles.waiting)}>Opening…</p>}>
            <Door key={box} of={box} />
          </Suspense>
        </>
      ) : (
        <View view={view} head={<ViewHead view={view} />} />
      )}
    </section>
  );
}

function View({ view, head }: { view: InspectView; head: ReactNode }) {
  switch (view) {
    case 'predictions':
      return <Predictions head={head} />;
    case 'map':
      return <FeaturesMap head={head} />;
    case 'ask':
      return (
        <Suspense fallback={<div className="panel-head">{head}</div>}>
          <Ask head={head} />
        </Suspense>
      );
  }
}

/** What every view's head begins with. */
function ViewHead({ view }: { view: InspectView }) {
  const hasRuns = useCompared((state) => state.last.length > 0);
  const hasBegun = useStore((state) => state.metrics !== undefined);
  const isComparable = (hasBegun || hasRuns) && view !== 'ask';
  return (
    <>
      <h2>Inspect</h2>
      <Segments label="View" value={view} options={views} onChange={showView} />
      {isComparable ? (
        <Suspense fallback={<EvaluationNote />}>
          <Compare>
            <EvaluationNote />
          </Compare>
        </Suspense>
      ) : (
        <EvaluationNote />
      )}
    </>
  );
}

const nameOf = (view: InspectView): string => views.find(([one]) => one === view)?.[1].toLowerCase() ?? '';

/** What the last evaluation looked at. */
function EvaluationNote() {
  const heldOut = useStore((state) => state.evaluation?.heldOut);
  const step = useStore((state) => state.evaluation?.step);
  if (step === undefined) return <p className={styles.inspectNote} />;
  return (
    <p
      className={styles.inspectNote}
      title={heldOut ? 'Held-out images' : 'Training images, since none are held out'}
    >
      {!heldOut && 'training images, '}after step {step}
    </p>
  );
}
