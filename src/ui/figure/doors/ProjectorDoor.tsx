import clsx from 'clsx';
import { useSizes } from '../useSizes';
import { DoorPage } from './DoorPage';
import styles from './doors.module.css';

/** The projector's layers with the sizes between them. */
export function ProjectorDoor() {
  const { b, s = 'd_s', d = 'd' } = useSizes();
  const layers = [
    ['Linear', `${s} → ${d}`],
    ['BatchNorm', 'over batch'],
    ['ReLU', 'max(0, ·)'],
    ['Linear', `${d} → ${d}`],
  ];
  return (
    <DoorPage
      says="The student’s features have another size than the teacher’s. The projector brings them there, so that both can be compared; it learns with the student and stays with it."
      formulas={[
        {
          tex: '\\P(\\h) = \\Wb\\,\\mathrm{ReLU}\\big(\\BN(\\Wa\\,\\h + \\ba)\\big) + \\bb',
          spoken: 'P(h) = W₂ ReLU(batch norm(W₁ h + b₁)) + b₂',
        },
      ]}
      numbers={[
        `P:\\ \\mathbb{R}^{${b} \\times ${s}} \\to \\mathbb{R}^{${b} \\times ${d}}`,
        typeof s === 'number' && typeof d === 'number'
          ? `(${s} + 1) \\cdot ${d} + 2 \\cdot ${d} + (${d} + 1) \\cdot ${d} = ${projectorSize(s, d)} \\text{ weights}`
          : '\\text{–}',
      ]}
    >
      <ol className={clsx('of-student', styles.layers)} aria-label="Layers of the projector">
        <li className={styles.isEnd}>
          Student
          <small>
            {b}×{s}
          </small>
        </li>
        {layers.map(([name, says], i) => (
          <li key={i}>
            {name}
            <small>{says}</small>
          </li>
        ))}
        <li className={styles.isEnd}>
          <i>
            u<sub>s</sub>
          </i>
          <small>
            {b}×{d}
          </small>
        </li>
      </ol>
    </DoorPage>
  );
}

const projectorSize = (s: number, d: number): number => (s + 1) * d + 2 * d + (d + 1) * d;
