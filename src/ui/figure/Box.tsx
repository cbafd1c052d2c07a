import type { CSSProperties, ReactNode } from 'react';
import { Switch } from '../parts/Switch';
import type { Rect } from './layOut';

/** What can be opened in the figure. */
export type BoxName =
  | 'teacher'
  | 'student'
  | 'textTower'
  | 'projector'
  | 'ifalign'
  | 'edu'
  | 'qt'
  | 'refinement'
  | 'qs';

interface Props {
  name: BoxName;
  owner: 'teacher' | 'student' | 'ifalign' | 'edu' | 'kl';
  rect: Rect;
  title: ReactNode;
  open: BoxName;
  onOpen: (name: BoxName) => void;
  /** Its formula in a line, under the pointer. */
  hint: string;
  /** A part of the method: its switch, and whether the chosen method has it at all. */
  part?: { label: string; isOn: boolean; isUsed: boolean; onChange: (isOn: boolean) => void };
  /** A word at the right of the title. */
  note?: string;
  isSmall?: boolean;
  children?: ReactNode;
}

/** One box of the figure. A click anywhere on it opens it below; its switch is its own. */
export function Box({
  name,
  owner,
  rect,
  title,
  open,
  onOpen,
  hint,
  part,
  note,
  isSmall = false,
  children,
}: Props) {
  const classes = [
    'box',
    `of-${owner}`,
    isSmall && 'is-small',
    part && !(part.isOn && part.isUsed) && 'is-off',
  ];
  return (
    <div className={classes.filter(Boolean).join(' ')} style={place(rect)} data-open={open === name}>
      <div className="box-head">
        <button
          type="button"
          className="box-title"
          aria-pressed={open === name}
          title={hint}
          onClick={() => onOpen(name)}
        >
          {title}
        </button>
        {note && <small>{note}</small>}
        {part && <Switch label={part.label} isOn={part.isOn} onChange={part.onChange} />}
      </div>
      {children}
    </div>
  );
}

export const place = ({ x, y, width, height }: Rect): CSSProperties => ({ left: x, top: y, width, height });
