import { type RefObject, useCallback, useEffect, useRef, useState } from 'react';
import { createPortal } from 'react-dom';
import { closeBox } from '../../page/inspect/openBox';
import type { Action } from '../../page/lessons/lesson';
import { toggleLessons } from '../../page/lessons/open';
import { setStep } from '../../page/lessons/progress';
import { useOpen } from '../parts/stores';
import { LessonList } from './LessonList';
import { LessonStep } from './LessonStep';
import styles from './lessons.module.css';
import { languageCode, languages } from './texts';
import { useArrows } from './useArrows';
import { usePlace } from './usePlace';
import { useProgress } from './useProgress';

const nothing: Action = {};

/** A card with the list of lessons, or with a step of one, beside what the step points at. */
export function Lessons() {
  const [id, setId] = useState<string>();
  const chosen = useProgress((state) => state.language);
  const at = useProgress((state) => (id === undefined ? 0 : (state.lessons[id]?.at ?? 0)));
  const isPresenting = useOpen((state) => state.isPresenting);
  const code = languageCode(chosen);
  const language = languages.get(code);
  const lesson = id === undefined ? undefined : language?.lessons.get(id);
  const last = (lesson?.steps.length ?? 1) - 1;
  const place = Math.min(at, last);
  const { point } = lesson?.steps[place]?.action ?? nothing;
  const ref = useRef<HTMLElement>(null);
  const style = usePlace(ref, point);
  useFocusWithin(ref, id);
  // Steps that point there speak of the predictions.
  useEffect(() => {
    if (point === 'inspect') closeBox();
  }, [point]);
  const go = useCallback(
    (by: number) => {
      if (id === undefined) return;
      const next = place + by;
      setStep(id, Math.max(0, Math.min(next, last)), next >= last);
      if (next > last) setId(undefined);
    },
    [id, place, last],
  );
  useArrows(ref, lesson !== undefined, isPresenting, go);
  if (!language) return null;
  const { words } = language;
  // Beside the page, which may be enlarged.
  return createPortal(
    <aside
      ref={ref}
      className={styles.lessons}
      style={style}
      lang={code}
      aria-label={words.lessons}
      tabIndex={-1}
      onKeyDown={(event) => event.key === 'Escape' && toggleLessons()}
    >
      {id !== undefined && lesson ? (
        <LessonStep lesson={lesson} at={place} words={words} onGo={go} onList={() => setId(undefined)} />
      ) : (
        <LessonList language={language} code={code} onOpen={setId} />
      )}
    </aside>,
    document.body,
  );
}

/** Takes the focus, again where another lesson is shown, and gives it back at the end. */
function useFocusWithin(ref: RefObject<HTMLElement | null>, id: string | undefined): void {
  useEffect(() => {
    const before = document.activeElement;
    return () => {
      if (before instanceof HTMLElement) before.focus();
    };
  }, []);
  useEffect(() => ref.current?.focus({ preventScroll: true }), [ref, id]);
}
