import { percentage, plural } from '../../page/format';
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
          right in {plural(known.images, 'image')}
          {known.heldOut ? ' that it doesn’t learn from' : ', which it learns from: nothing is held out'}
        </p>
      )}
    </div>
  );
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
