import { percent, percentage, plural } from '../../page/format';
import { leastTold } from '../../run/statistics';
import type { TeacherResult } from '../../worker/api';
import styles from './teach.module.css';

/** What a teacher knows of held-out images, before and after. */
export function HeldOut({ before, after }: { before?: TeacherResult; after?: TeacherResult }) {
  const known = after ?? before;
  return (
    <div className={styles.heldOut}>
      <dl>
        <Accuracy when="before" of={before} />
        <Accuracy when="after" of={after} />
      </dl>
      {known && (
        <p className="muted">
          {gainOf(before, after) ?? 'right'} in {plural(known.images, 'image')}
          {known.heldOut ? ' that it doesn’t learn from' : ', which it learns from: nothing is held out'}
        </p>
      )}
    </div>
  );
}

/** In words; undefined where it is not known yet. */
function gainOf(before?: TeacherResult, after?: TeacherResult): string | undefined {
  const [one, other] = [before?.top1, after?.top1];
  if (!after || one === undefined || other === undefined) return undefined;
  const gain = other - one;
  const points = `${percent(Math.abs(gain))} points ${gain < 0 ? 'lost' : 'gained'}`;
  return Math.abs(gain) < leastTold([one, other], after.images) ? `${points}, which may be chance,` : points;
}

function Accuracy({ when, of }: { when: 'before' | 'after'; of?: TeacherResult }) {
  return (
    <div>
      <dt>{when}</dt>
      <dd>
        <output aria-label={`accuracy ${when}`}>
          {of?.top1 === undefined ? (
            <span className="muted">{of ? 'no image has a label' : 'not measured yet'}</span>
          ) : (
            percentage(of.top1)
          )}
        </output>
      </dd>
    </div>
  );
}
