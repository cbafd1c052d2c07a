import { amount, bytes } from '../../page/format';
import { deviceBytes, flop, ratio } from '../../page/models/words';
import type { ModelSizes, Role } from '../../worker/api';
import { useStore } from '../parts/stores';
import styles from './comparison.module.css';

/** A model as it would be if what is chosen were used. */
export interface Preview {
  role: Role;
  name: string;
  sizes: ModelSizes;
}

/** Both models side by side: what they weigh, and what an image costs them. */
export function Comparison({ preview }: { preview?: Preview }) {
  const teacherInUse = useStore((state) => state.teacher);
  const studentInUse = useStore((state) => state.student);
  const precision = useStore((state) => state.teacherPrecision);
  const models = (['teacher', 'student'] as const).map((role) => {
    const loaded = role === 'teacher' ? teacherInUse : studentInUse;
    const name = preview?.role === role ? preview.name : (loaded?.name ?? 'not loaded yet');
    return {
      role,
      name,
      isPreview: preview?.role === role,
      sizes: preview?.role === role ? preview.sizes : loaded,
    };
  });
  const columns: [string, (sizes: ModelSizes, role: Role) => number, (n: number) => string][] = [
    ['Image tower', ({ imageParameters }) => imageParameters, amount],
    [
      'Text tower',
      ({ imageParameters, parameters }) => parameters - imageParameters,
      (n) => (n ? amount(n) : 'none'),
    ],
    ['On the device', (sizes, role) => deviceBytes(sizes, role, precision), bytes],
    ['Work an image', (sizes) => sizes.flop, flop],
  ];
  const largest = columns.map(([, value]) =>
    Math.max(1, ...models.map(({ sizes, role }) => (sizes ? value(sizes, role) : 0))),
  );
  const [teacher, student] = models.map(({ sizes }) => sizes);
  return (
    <section className={styles.modelsComparison} aria-label="Both models side by side">
      <table>
        <thead>
          <tr>
            <th scope="col">Model</th>
            {columns.map(([title]) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {models.map(({ role, name, isPreview, sizes }) => (
            <tr key={role} className={`of-${role}`}>
              <th scope="row">
                <i className="swatch" />
                <span className={styles.comparisonModel}>
                  <b>{role === 'teacher' ? 'Teacher' : 'Student'}</b>
                  {isPreview && <em> as chosen, not loaded yet</em>}
                  <small title={name}>
                    {name}
                    {sizes && `, ${sizes.description}`}
                  </small>
                </span>
              </th>
              {columns.map(([title, value, words], i) => (
                <td key={title}>
                  {sizes ? words(value(sizes, role)) : '–'}
                  <i className={styles.bar}>
                    <i style={{ transform: `scaleX(${sizes ? value(sizes, role) / largest[i] : 0})` }} />
                  </i>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <p aria-live="polite">{teacher && student ? ratio(student, teacher) : ''}</p>
    </section>
  );
}
