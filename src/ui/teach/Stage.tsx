import { X } from 'lucide-react';
import { type ReactNode, useEffect } from 'react';
import { download } from '../../page/download';
import { closeStage } from '../../page/teach/stage';
import type { Teaching, TeachingState } from '../../page/teach/teaching';
import { HeldOut } from './HeldOut';
import { StageBar } from './StageBar';
import styles from './teach.module.css';

interface Props<Settings> {
  of: Teaching<Settings>;
  state: TeachingState<Settings>;
  words: {
    title: string;
    /** On the button that begins it. */
    start: string;
    /** What it does, before it is begun. */
    what: string;
  };
  settings: ReactNode;
  /** What learns, and how. */
  children: ReactNode;
}

/** A stage before the run: its figure, what the teacher knows before and after, and what can be done. */
export function Stage<Settings>({ of: stage, state, words, settings, children }: Props<Settings>) {
  const { phase, before, after, progress } = state;
  useEffect(stage.prepare, [stage]);
  return (
    <>
      <div className="panel-head">
        <h2>{words.title}</h2>
        <button
          type="button"
          className="button is-icon"
          aria-label="Close"
          disabled={phase === 'running' || phase === 'taking'}
          onClick={closeStage}
        >
          <X />
        </button>
      </div>
      <div className={styles.stage}>
        <div className={styles.towers}>{children}</div>
        <HeldOut before={before} after={after} />
        {phase === 'ready' ? (
          <div className={styles.settings}>{settings}</div>
        ) : (
          <StageBar progress={progress} />
        )}
        <Foot of={stage} state={state} words={words} />
      </div>
    </>
  );
}

function Foot<Settings>({ of: stage, state, words }: Pick<Props<Settings>, 'of' | 'state' | 'words'>) {
  const { phase, problem, file } = state;
  return (
    <div className={styles.foot}>
      <p className={problem ? 'wrong' : 'muted'} role={problem ? 'alert' : undefined}>
        {problem ?? (phase === 'ready' ? words.what : meanwhile[phase])}
      </p>
      {phase === 'ready' && (
        <button type="button" className="button is-primary" onClick={() => void stage.start()}>
          {words.start}
        </button>
      )}
      {phase === 'running' && (
        <button type="button" className="button" onClick={stage.cancel}>
          Cancel
        </button>
      )}
      {phase === 'done' && file && (
        <>
          <button type="button" className="button" onClick={() => download(file.file, file.path)}>
            Save it
          </button>
          <button type="button" className="button is-primary" onClick={() => void stage.use()}>
            Use it and distil
          </button>
        </>
      )}
    </div>
  );
}

const meanwhile = {
  running:
    'It is asked about held-out images before and after; what it makes of them is no part of its training.',
  done: 'The teacher in use stays as it is until you take what was learnt.',
  taking: 'The student begins anew, with this teacher.',
} as const;
