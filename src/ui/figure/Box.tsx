import clsx from 'clsx';
import { RotateCcw } from 'lucide-react';
import type { CSSProperties, ReactNode } from 'react';
import { type BoxName, toggleBox } from '../../page/inspect/openBox';
import type { State } from '../../page/state';
import { reset } from '../../page/store';
import { Current } from '../parts/Explained';
import { Switch } from '../parts/Switch';
import { useOpenBox } from '../parts/stores';
import { Tooltip } from '../parts/Tooltip';
import styles from './figure.module.css';
import type { Rect } from './layOut';

interface Part {
  label: string;
  /** As it is set, which may wait for a restart. */
  isOn: boolean;
  /** As the run under way has it. */
  inRun: boolean;
  onChange: (isOn: boolean) => void;
}

interface Props {
  name: BoxName;
  owner: 'teacher' | 'student' | 'ifalign' | 'edu' | 'kl';
  rect: Rect;
  title: ReactNode;
  /** Its name for readers, where the title is a letter. */
  spoken?: string;
  /** Its formula with the numbers of the moment, under the pointer and with the focus. */
  formula: (state: State) => string;
  /** What it does, in words. */
  hint: string;
  /** A part of the method that can be switched off. */
  part?: Part;
  /** A word at the right of the title. */
  note?: string;
  isSmall?: boolean;
  children?: ReactNode;
}

/** One box of the figure. A click anywhere on it opens its door below; its switch is its own. */
export function Box({
  name,
  owner,
  rect,
  title,
  spoken,
  formula,
  hint,
  part,
  note,
  isSmall = false,
  children,
}: Props) {
  const isOpen = useOpenBox((state) => state.box === name);
  return (
    <div
      className={clsx(styles.box, `of-${owner}`, isSmall && styles.isSmall)}
      style={place(rect)}
      data-box={name}
      data-open={isOpen}
      data-off={part && !part.inRun}
    >
      <div className={styles.boxHead}>
        <Tooltip
          side="top"
          text={
            <>
              {hint}:<br />
              <Current read={formula} />
            </>
          }
        >
          <button
            type="button"
            className={styles.boxTitle}
            aria-expanded={isOpen}
            aria-controls="inspect"
            aria-label={spoken}
            onClick={() => toggleBox(name)}
          >
            {title}
          </button>
        </Tooltip>
        {note && <small>{note}</small>}
        {part && (
          <Tooltip text={`${part.label}: ${part.isOn ? 'on' : 'off'}`}>
            <Switch label={part.label} isOn={part.isOn} onChange={part.onChange} />
          </Tooltip>
        )}
      </div>
      {children}
      {part && part.isOn !== part.inRun && <Waiting {...part} />}
    </div>
  );
}

/** A part that was switched while a run goes on with it as it was. */
function Waiting({ label, isOn }: Part) {
  return (
    <button
      type="button"
      className={styles.waiting}
      aria-label={`${label}: ${isOn ? 'on' : 'off'} from the next restart. Restart now`}
      title="Restart now"
      onClick={() => void reset()}
    >
      {isOn ? 'on' : 'off'} from the next restart
      <RotateCcw size={11} />
    </button>
  );
}

export const place = ({ x, y, width, height }: Rect): CSSProperties => ({ left: x, top: y, width, height });
