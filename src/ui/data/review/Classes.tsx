import { useVirtualizer } from '@tanstack/react-virtual';
import clsx from 'clsx';
import { useId, useRef } from 'react';
import { baseClassCount } from '../../../data/splits/baseClasses';
import { isTemplate, type SectionProps } from '../../../page/data/draft';
import { typedNames } from '../../../page/data/typedNames';
import { count, plural } from '../../../page/format';
import type { DataSummary } from '../../../worker/api';
import { Scroller } from '../../parts/Scroller';
import { BaseAndNew } from './BaseAndNew';
import styles from './classes.module.css';
import review from './review.module.css';

interface Props extends SectionProps {
  data: DataSummary;
  /** Nothing can be edited, as in the demo. */
  isFixed: boolean;
}

/** The classes: what they are called, how many images each has, and what the towers are asked for them. */
export function Classes({ data, draft, onChange, isFixed }: Props) {
  return (
    <div className={review.column}>
      <BaseAndNew counts={data.classCounts} />
      {!isFixed && <Template data={data} draft={draft} onChange={onChange} />}
      {draft.options.classes ? (
        <TypedClasses draft={draft} onChange={onChange} classes={draft.options.classes} />
      ) : (
        <ClassList data={data} draft={draft} onChange={onChange} isFixed={isFixed} />
      )}
    </div>
  );
}

function Template({ data, draft, onChange }: Omit<Props, 'isFixed'>) {
  const id = useId();
  const template = draft.options.promptTemplate ?? data.promptTemplate ?? '';
  const shown = data.classes[0];
  const example = draft.names[shown] ?? shown;
  return (
    <div className={review.labelled}>
      <label htmlFor={id}>Prompt template</label>
      <input
        id={id}
        type="text"
        className="field"
        dir="auto"
        value={template}
        aria-invalid={!isTemplate(template)}
        aria-describedby={`${id}-example`}
        onChange={(event) => onChange({ options: { ...draft.options, promptTemplate: event.target.value } })}
      />
      <p
        id={`${id}-example`}
        className={isTemplate(template) ? 'muted' : 'wrong'}
        aria-live="polite"
        dir="auto"
      >
        {isTemplate(template)
          ? `“${template.replace('{}', () => example)}”`
          : 'Write {} where the class name belongs.'}
      </p>
    </div>
  );
}

/** The names that were typed for images without any text. */
function TypedClasses({ classes, draft, onChange }: SectionProps & { classes: string[] }) {
  const id = useId();
  return (
    <div className={review.labelled}>
      <label htmlFor={id}>What the images may show, one a line; no image has a label</label>
      <textarea
        id={id}
        className="field"
        rows={10}
        dir="auto"
        defaultValue={classes.join('\n')}
        onChange={(event) =>
          onChange({ options: { ...draft.options, classes: typedNames(event.target.value) } })
        }
      />
    </div>
  );
}

const ROW = 34;

function ClassList({ data, draft, onChange, isFixed }: Props) {
  const ref = useRef<HTMLElement>(null);
  const rows = useVirtualizer({
    count: data.classes.length,
    getScrollElement: () => ref.current,
    estimateSize: () => ROW,
    overscan: 6,
  });
  const base = baseClassCount(data.classes.length);
  const rename = (shown: string, name: string) => {
    const { [shown]: _, ...others } = draft.names;
    onChange({ names: name === shown ? others : { ...others, [shown]: name } });
  };
  return (
    <Scroller ref={ref} className={clsx(review.rows, styles.classList)} label="Classes in label order">
      <ul style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const shown = data.classes[index];
          const { train, test } = data.classCounts[index] ?? { train: 0, test: 0 };
          return (
            <li key={shown} style={{ height: ROW, transform: `translateY(${start}px)` }}>
              <span className="muted">{index + 1}</span>
              {isFixed ? (
                <span dir="auto" className={styles.className}>
                  {shown}
                </span>
              ) : (
                <input
                  type="text"
                  className="field"
                  dir="auto"
                  aria-label={`Name of class ${index + 1}, ${shown}`}
                  data-edited={shown in draft.names}
                  value={draft.names[shown] ?? shown}
                  onChange={(event) => rename(shown, event.target.value)}
                />
              )}
              <span className={clsx(styles.half, index < base ? styles.isBase : styles.isNew)}>
                {index < base ? 'base' : train > 0 ? '2nd half' : 'new'}
              </span>
              <span
                className="muted"
                title={`${plural(train, 'image')} to train on, ${count(test)} to test on`}
              >
                {count(train)} train, {count(test)} test
              </span>
            </li>
          );
        })}
      </ul>
    </Scroller>
  );
}
