import clsx from 'clsx';
import { Check, ChevronLeft, X } from 'lucide-react';
import { useCallback } from 'react';
import { act } from '../../page/lessons/act';
import type { Lesson } from '../../page/lessons/lesson';
import { toggleLessons } from '../../page/lessons/open';
import { report } from '../../page/store';
import styles from './lessons.module.css';
import type { Words } from './texts';
import { useHindrance } from './useHindrance';
import { useSeen } from './useSeen';

interface Props {
  lesson: Lesson;
  at: number;
  words: Words;
  onGo: (by: number) => void;
  onList: () => void;
}

/** One step: what to know, what to do, and whether it is done. */
export function LessonStep({ lesson, at, words, onGo, onList }: Props) {
  const { title, html, action } = lesson.steps[at];
  const isLast = at === lesson.steps.length - 1;
  const isSeen = useSeen(
    action.wait,
    useCallback(() => {
      if (!isLast) onGo(1);
    }, [isLast, onGo]),
  );
  const hindrance = useHindrance(action.wait, isSeen);
  const next = isLast ? words.finish : isSeen ? words.next : words.skip;
  return (
    <>
      <div className={styles.lessonHead}>
        <button type="button" className="quiet" onClick={onList}>
          <ChevronLeft /> {words.all}
        </button>
        <span className="muted">{lesson.title}</span>
        <button type="button" className="quiet" aria-label={words.close} onClick={toggleLessons}>
          <X />
        </button>
      </div>
      <div className={styles.lessonText} aria-live="polite">
        <h2>{title}</h2>
        <div dangerouslySetInnerHTML={{ __html: html }} />
      </div>
      {action.wait && (
        <p className={clsx(styles.lessonWait, isSeen && styles.isSeen)} role="status">
          {isSeen && <Check />}
          {isSeen ? words.seen : hindrance ? words.hindrances[hindrance] : words.waiting}
        </p>
      )}
      <div className={styles.lessonFoot}>
        <span className={styles.lessonDots} role="img" aria-label={`${at + 1} / ${lesson.steps.length}`}>
          {lesson.steps.map((step, i) => (
            <i key={step.title} data-done={i <= at} />
          ))}
        </span>
        {action.set && !isSeen && (
          <button
            type="button"
            className="button"
            onClick={() => action.set && void act(action.set).catch(report)}
          >
            {words.doIt}
          </button>
        )}
        <button type="button" className="button" onClick={() => (at > 0 ? onGo(-1) : onList())}>
          {words.back}
        </button>
        <button type="button" className={clsx('button', isSeen && 'is-primary')} onClick={() => onGo(1)}>
          {next}
        </button>
      </div>
    </>
  );
}
