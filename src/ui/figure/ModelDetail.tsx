import type { ReactNode } from 'react';
import { amount, bytes } from '../format';
import { useStore } from '../store';
import { type Sizes, Sym } from './Symbol';
import { useSizes } from './useSizes';

type Part = 'teacher' | 'student' | 'textTower' | 'projector';

/** What a model computes and how large it is. */
export function ModelDetail({ of }: { of: Part }) {
  const teacher = useStore((state) => state.teacher);
  const student = useStore((state) => state.student);
  const sizes = useSizes();
  const model = of === 'student' || of === 'projector' ? student : teacher;
  return (
    <div className={of === 'student' || of === 'projector' ? 'of-student' : 'of-teacher'}>
      <p className="formula">{formulas[of](sizes)}</p>
      <p>{sentences[of]}</p>
      {model && of !== 'projector' && (
        <p className="muted">
          {model.name}: {model.description}.{' '}
          {amount(of === 'textTower' ? model.parameters - model.imageParameters : model.imageParameters)}{' '}
          parameters in this tower, {bytes(model.bytes)} with all weights.
        </p>
      )}
    </div>
  );
}

const formulas: Record<Part, (sizes: Sizes) => ReactNode> = {
  teacher: (sizes) => (
    <>
      <Sym of="ut" sizes={sizes} /> = normalise(f<sub>t</sub>(<Sym of="x" sizes={sizes} />
      ))
    </>
  ),
  student: (sizes) => (
    <>
      <Sym of="us" sizes={sizes} /> = normalise(P(f<sub>s</sub>(<Sym of="x" sizes={sizes} />
      )))
    </>
  ),
  textTower: (sizes) => (
    <>
      <Sym of="w" sizes={sizes} /> = normalise(f<sub>T</sub>(texts))
    </>
  ),
  projector: () => 'P = Linear · ReLU · BatchNorm · Linear',
};

const sentences: Record<Part, string> = {
  teacher: 'The big model looks at every image once; what it finds is kept and never changes.',
  student: 'The small model sees the same images and learns to find what the teacher finds.',
  textTower:
    'Each text is read once. The student has no text tower of its own: it is measured against these.',
  projector: 'It widens the student’s features to the teacher’s size, so that both can be compared.',
};
