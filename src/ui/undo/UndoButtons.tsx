import { Redo2, Undo2 } from 'lucide-react';
import { useEffect, useState } from 'react';
import { beginGesture } from '../../page/undo/edits';
import { type Direction, next, travel } from '../../page/undo/undo';
import { useEdits, useStore } from '../parts/stores';
import { Tooltip } from '../parts/Tooltip';
import styles from './UndoButtons.module.css';

/** Takes edits of settings back, one by one, and makes them anew. */
export function UndoButtons() {
  const [said, setSaid] = useState('');
  const go = (direction: Direction) => {
    const words = travel(direction);
    if (words) setSaid(`${direction === 'undo' ? 'Undone' : 'Done again'}: ${words}`);
  };
  useUndoKeys(go);
  return (
    <div className={styles.undo}>
      <UndoButton direction="undo" onPress={go} />
      <UndoButton direction="redo" onPress={go} />
      <span className="unseen" role="status">
        {said}
      </span>
    </div>
  );
}

interface Props {
  direction: Direction;
  onPress: (direction: Direction) => void;
}

function UndoButton({ direction, onPress }: Props) {
  // What there is to say depends on both.
  useEdits();
  useStore((state) => state.run);
  useStore((state) => state.concepts);
  const words = next(direction);
  const name = direction === 'undo' ? 'Undo' : 'Redo';
  const keys = direction === 'undo' ? 'Ctrl + Z' : 'Ctrl + Shift + Z';
  return (
    <Tooltip text={words ? `${name} ${words} (${keys})` : `Nothing to ${name.toLowerCase()}`}>
      <button
        type="button"
        className="quiet"
        aria-label={words ? `${name} ${words}` : `${name}: nothing`}
        // The focus stays where it is at the last one.
        aria-disabled={!words}
        onClick={() => onPress(direction)}
      >
        {direction === 'undo' ? <Undo2 /> : <Redo2 />}
      </button>
    </Tooltip>
  );
}

/** Ctrl or ⌘ with Z, with Shift or Y for the other way. Who types has the browser's own. */
function useUndoKeys(go: (direction: Direction) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!event.repeat) beginGesture();
      const key = event.key.toLowerCase();
      const isUndo = (event.ctrlKey || event.metaKey) && !event.altKey && (key === 'z' || key === 'y');
      if (!isUndo || isTaken(event.target)) return;
      event.preventDefault();
      go(event.shiftKey || key === 'y' ? 'redo' : 'undo');
    };
    addEventListener('pointerdown', beginGesture, true);
    addEventListener('keydown', onKey, true);
    return () => {
      removeEventListener('pointerdown', beginGesture, true);
      removeEventListener('keydown', onKey, true);
    };
  });
}

const typed = 'input:not([type=radio], [type=checkbox], [type=range]), textarea, [contenteditable]';

const isTaken = (target: EventTarget | null): boolean =>
  document.querySelector('[aria-modal]') !== null ||
  (target instanceof Element && target.closest(typed) !== null);
