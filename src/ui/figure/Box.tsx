import type { CSSProperties, ReactNode } from 'react';
import { Switch } from '../parts/Switch';
import type { Rect } from './layOut';
import { type BoxName, toggleBox, useOpenBox } from './openBox';

interface Props {
  name: BoxName;
  owner: 'teacher' | 'student' | 'ifalign' | 'edu' | 'kl';
  rect: Rect;
  title: ReactNode;
  /** Its name for readers, where the title is a letter. */
  spoken?: string;
  /** Its formula in a line, under the pointer. */
  hint: string;
  /** A part of the method: its switch, and whether the chosen method has it at all. */
  part?: { label: string; isOn: boolean; isUsed: boolean; onChange: (isOn: boolean) => void };
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
  hint,
  part,
  note,
  isSmall = false,
  children,
}: Props) {
  const isOpen = useOpenBox((state) => state.box === name);
  const classes = [
    'box',
    `of-${owner}`,
    isSmall && 'is-small',
    part && !(part.isOn && part.isUsed) && 'is-off',
  ];
  return (
    <div className={classes.filter(Boolean).join(' ')} style={place(rect)} data-open={isOpen}>
      <div className="box-head">
        <button
          type="button"
          className="box-title"
          aria-expanded={isOpen}
          aria-controls="inspect"
          title={hint}
          aria-label={spoken}
          onClick={() => toggleBox(name)}
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
