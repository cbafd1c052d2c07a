import { percent, plural } from '../../page/format';
import type { TeacherResult } from '../../worker/api';
import styles from './teach.module.css';

/** What a teacher knows of held-out images, before and after. */
export function HeldOut({ before, after }: { before?: TeacherResult; after?: TeacherResult }) {
  const known = after ?? before;
  return (
    <div className={styles.heldOut}>
      <dl>
        <div>
          <dt>before</dt>
          <dd>
            <output aria-label="accuracy before">{percent(before?.top1)}</output> %
          </dd>
        </div>
        <div>
          <dt>after</dt>
          <dd>
            <output aria-label="accuracy after">{percent(after?.top1)}</output> %
          </dd>
        </div>
      </dl>
      {known && (
        <p className="muted">
          right in {plural(known.images, 'image')}
          {known.heldOut ? ' that it doesn’t learn from' : ', which it learns from: nothing is held out'}
        </p>
      )}
    </div>
  );
}
