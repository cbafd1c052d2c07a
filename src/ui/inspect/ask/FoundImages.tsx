import { clsx } from 'clsx';
import { Check } from 'lucide-react';
import type { SearchResult } from '../../../evaluate/results';
import { cosine } from '../../../page/format';
import { askAbout } from '../../../page/inspect/asked';
import { found, rightOnes, SHOWN } from '../../../page/inspect/ranks';
import { DataImage } from '../../parts/DataImage';
import { useLabel } from '../../parts/labels';
import styles from './FoundImages.module.css';

interface Props {
  owner: 'teacher' | 'student';
  result: SearchResult;
}

/** The images that a model finds first for a text, and where the other one ranks them. */
export function FoundImages({ owner, result }: Props) {
  const label = useLabel();
  const [name, other] = owner === 'teacher' ? ['Teacher', 'student'] : ['Student', 'teacher'];
  const right = result.images.filter(({ isRight }) => isRight).length;
  return (
    <div className={clsx(styles.row, `of-${owner}`)}>
      <h3>
        <i className="swatch" />
        {name}
        {right > 0 && (
          <small>
            recall@{SHOWN}: {rightOnes(result, owner)} of {right}
          </small>
        )}
      </h3>
      <ol aria-label={`${name}’s images`}>
        {found(result, owner).map(({ index, rank, otherRank, isApart }) => {
          const { image, path, texts, isRight } = result.images[index];
          const what = texts.map(label).join(', ') || path;
          return (
            <li key={image} className={clsx(isApart && styles.isApart)}>
              <button
                type="button"
                aria-label={`${rank}. ${what}${isRight ? ', right' : ''}; ${other}: ${otherRank}. Ask about it`}
                title={`${rank}. ${what}: cosine ${cosine(result[owner][index])}; ${other}: ${otherRank}. Click to ask about it`}
                onClick={() => askAbout(image)}
              >
                <DataImage index={image} alt="" />
                {isRight && <Check size={13} strokeWidth={3} className={styles.right} aria-hidden="true" />}
                <span className={`of-${other}`}>
                  <i className="swatch" />
                  {otherRank}
                </span>
              </button>
            </li>
          );
        })}
      </ol>
    </div>
  );
}
