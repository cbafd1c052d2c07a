import { type CSSProperties, useEffect, useMemo, useState } from 'react';
import { methods } from '../../distill/methods/methods';
import { wantsPlay } from '../../page/state';
import { store } from '../../page/store';
import { useStore } from '../parts/stores';
import styles from './gradients.module.css';
import { type Layout, route } from './layOut';
import { backwardLines, type Learning } from './lines';

/** After a single step: its gradients on their way back, in slow motion. The engine is done by then. */
export function Gradients({ layout }: { layout: Layout }) {
  const step = useHandStep();
  const learning = useLearning();
  const lines = useMemo(() => backwardLines(layout, learning), [layout, learning]);
  if (step === undefined) return null;
  const { student, us } = layout;
  return (
    <g key={step} className={styles.gradients}>
      {lines.map(({ stage, points }) => {
        const path = route(points);
        const style: CSSProperties & Record<'--stage', number> = { '--stage': stage };
        return <path key={path} d={path} pathLength={1} style={style} />;
      })}
      <text x={us.x + us.width / 2} y={us.y + us.height + 15} textAnchor="middle">
        ∂L/∂uₛ
      </text>
      <text x={student.x} y={student.y + student.height + 18}>
        gradients go back to what learns
      </text>
    </g>
  );
}

/** The number of the last step where it was taken by hand; undefined while a run goes on. */
function useHandStep(): number | undefined {
  const [step, setStep] = useState<number>();
  useEffect(
    () =>
      store.subscribe((state, previous) => {
        if (state.metrics !== previous.metrics) setStep(wantsPlay(state) ? undefined : state.metrics?.step);
      }),
    [],
  );
  return step;
}

function useLearning(): Learning {
  const { method, loss, train } = useStore((state) => state.loadedRun);
  return useMemo(() => {
    const { boxes, weights } = methods[method];
    const minimised = Object.keys(weights(loss));
    return {
      // Every other term is one of the logits.
      fromLogits: minimised.some((term) => term !== 'mean' && term !== 'variance'),
      fromAlign: minimised.includes('mean'),
      edu: boxes.includes('edu'),
      tower: train.parameters !== 'heads',
    };
  }, [method, loss, train]);
}
