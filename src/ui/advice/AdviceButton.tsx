import { useId } from 'react';
import { has } from '../change';
import { isPending, reset, useStore } from '../store';
import type { Advice } from './advice';
import { dismissAdvice, mend, useAdvice } from './useAdvice';
import './advice.css';

/** What looks like a mistake in this run: one quiet line, which opens to the reasons and what would mend it. */
export function AdviceButton() {
  const id = useId();
  const advice = useAdvice();
  const [first, ...others] = advice;
  return (
    <div className="advice">
      <span className="unseen" role="status">
        {first && `Advice: ${advice.map(({ title }) => title).join('. ')}`}
      </span>
      {first && (
        <button type="button" className="advice-line" popoverTarget={id} title={first.title}>
          <Bulb />
          <span>{first.title}</span>
          {others.length > 0 && <b>+{others.length}</b>}
        </button>
      )}
      <section id={id} className="advice-list" popover="auto" aria-label="Advice">
        {advice.map((one) => (
          <Item key={one.id} advice={one} />
        ))}
        {!first && <p className="muted">Nothing more to say about this run.</p>}
      </section>
    </div>
  );
}

function Item({ advice }: { advice: Advice }) {
  const { id, title, seen, why, mend: mending } = advice;
  const isMended = useStore((state) => isPending(state) && mending && has(state.run, mending.change));
  return (
    <article aria-label={title}>
      <h3>{title}</h3>
      <p>{seen}</p>
      <p className="muted">{why}</p>
      <div className="advice-foot">
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

function Bulb() {
  return (
    <svg width="13" height="15" viewBox="0 0 13 15" aria-hidden="true">
      <path
        d="M4.2 11.2C4.2 9 1.4 8.3 1.4 5.5a5.1 5.1 0 0 1 10.2 0c0 2.8-2.8 3.5-2.8 5.7zM4.7 13.8h3.600"
        fill="none"
        stroke="currentColor"
        strokeWidth="1.4"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
    </svg>
  );
}
