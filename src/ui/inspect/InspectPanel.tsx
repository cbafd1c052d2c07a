import { lazy, Suspense, useEffect, useRef } from 'react';
import { type BoxName, closeBox, useOpenBox } from '../figure/openBox';
import { useStore } from '../store';
import { Predictions } from './Predictions';
import './inspect.css';

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
  qt: 'Teacher’s logits',
  qs: 'Student’s logits',
};

/** What stands behind the figure's open box; else held-out images and what both models make of them. */
export function InspectPanel() {
  const box = useOpenBox((state) => state.box);
  const ref = useRef<HTMLElement>(null);
  // Where the page is scrolled, the door may be out of sight.
  useEffect(() => {
    if (box) ref.current?.scrollIntoView({ block: 'nearest' });
  }, [box]);
  return (
    <section
      className="panel inspect"
      aria-label="Inspect"
      id="inspect"
      ref={ref}
      onKeyDown={(event) => event.key === 'Escape' && closeBox()}
    >
      {box ? (
        <>
          <div className="panel-head">
            <h2>Inspect</h2>
            <p className="inspect-title">{titles[box]}</p>
            <EvaluationNote />
            <button type="button" className="quiet" onClick={closeBox}>
              ✕ back to the predictions
            </button>
          </div>
          <Suspense fallback={<p className="muted waiting">Opening…</p>}>
            <Door key={box} of={box} />
          </Suspense>
        </>
      ) : (
        <Predictions note={<EvaluationNote />} />
      )}
    </section>
  );
}

/** What the last evaluation looked at. */
function EvaluationNote() {
  const heldOut = useStore((state) => state.evaluation?.heldOut);
  const step = useStore((state) => state.evaluation?.step);
  return (
    <p className="inspect-note">
      {step !== undefined &&
        `${heldOut ? 'held-out images' : 'training images, since none are held out'}, after step ${step}`}
    </p>
  );
}
