import { Lightbulb } from 'lucide-react';
import { useRef, useState } from 'react';
import type { Advice } from '../../page/advice/advice';
import { dismissAdvice, mend } from '../../page/advice/follow';
import { has } from '../../page/change';
import { reset, wantsRestart } from '../../page/store';
import { openStage } from '../../page/teach/stage';
import { PopoverBox } from '../parts/PopoverBox';
import { useStore } from '../parts/stores';
import { Tooltip } from '../parts/Tooltip';
import styles from './AdviceButton.module.css';
import { useAdvice } from './useAdvice';

/** What looks like a mistake in this run: one quiet line, which opens to the reasons and what would mend it. */
export function AdviceButton() {
  const advice = useAdvice();
  const [first, ...others] = advice;
  const [isOpen, setOpen] = useState(false);
  const place = useRef<HTMLDivElement>(null);
  return (
    // The line goes with the last advice; the box stays where it is.
    <div ref={place} className={styles.advice}>
      <span className="unseen" role="status">
        {first && `Advice: ${advice.map(({ title }) => title).join('. ')}`}
      </span>
      {first && (
        <Tooltip text={first.title}>
          <button
            type="button"
            className={styles.line}
            aria-haspopup="dialog"
            aria-expanded={isOpen}
            onClick={() => setOpen(!isOpen)}
          >
            <Lightbulb />
            <span>{first.title}</span>
            {others.length > 0 && <b>+{others.length}</b>}
          </button>
        </Tooltip>
      )}
      {isOpen && (
        <PopoverBox label="Advice" anchor={place} onClose={() => setOpen(false)}>
          <div className={styles.list}>
            {advice.map((one) => (
              <Item key={one.id} advice={one} onClose={() => setOpen(false)} />
            ))}
            {!first && <p className="muted">Nothing more to say about this run.</p>}
          </div>
        </PopoverBox>
      )}
    </div>
  );
}

function Item({ advice, onClose }: { advice: Advice; onClose: () => void }) {
  const { id, title, seen, why, mend: mending, stage } = advice;
  const isMended = useStore((state) => wantsRestart(state) && mending && has(state.run, mending.change));
  return (
    <article aria-label={title}>
      <h3>{title}</h3>
      <p>{seen}</p>
      <p className="muted">{why}</p>
      <div className={styles.foot}>
        {stage && (
          <button
            type="button"
            className="button is-primary"
            onClick={() => {
              onClose();
              openStage(stage.name);
            }}
          >
            {stage.words}
          </button>
        )}
        {mending &&
          (isMended ? (
            <button type="button" className="button is-primary" onClick={() => void reset()}>
              Restart to apply
            </button>
          ) : (
            <button type="button" className="button" onClick={() => mend(mending)}>
              {mending.words}
            </button>
          ))}
        <button
          type="button"
          className="quiet"
          aria-label={`Dismiss: ${title}`}
          onClick={() => dismissAdvice(id)}
        >
          Dismiss
        </button>
      </div>
    </article>
  );
}
