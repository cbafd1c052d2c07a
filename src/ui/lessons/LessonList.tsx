import { Check, X } from 'lucide-react';
import { toggleLessons, togglePresenting } from '../../page/lessons/open';
import { type Progress, progressStore, setStep } from '../../page/lessons/progress';
import { useOpen } from '../parts/stores';
import styles from './lessons.module.css';
import { type Language, languages, type Words } from './texts';
import { useProgress } from './useProgress';

interface Props {
  language: Language;
  code: string;
  onOpen: (id: string) => void;
}

/** All lessons and how far each has come. */
export function LessonList({ language: { words, lessons }, code, onOpen }: Props) {
  const progress = useProgress((state) => state.lessons);
  const isPresenting = useOpen((state) => state.isPresenting);
  const open = (id: string, steps: number) => {
    const { at = 0, isDone = false } = progress[id] ?? {};
    // What was finished begins anew.
    if (isDone && at === steps - 1) setStep(id, 0, isDone);
    onOpen(id);
  };
  return (
    <>
      <div className={styles.lessonHead}>
        <h2>{words.lessons}</h2>
        <fieldset className={styles.lessonLanguages} aria-label="Language">
          {[...languages].map(([one, { words: its }]) => (
            <button
              type="button"
              key={one}
              lang={one}
              className="quiet"
              aria-pressed={one === code}
              onClick={() => progressStore.setState({ language: one })}
            >
              {its.language}
            </button>
          ))}
        </fieldset>
        <button type="button" className="quiet" aria-label={words.close} onClick={toggleLessons}>
          <X />
        </button>
      </div>
      <p className="muted">{words.intro}</p>
      <ol>
        {[...lessons].map(([id, { title, summary, steps }]) => (
          <li key={id}>
            <button type="button" onClick={() => open(id, steps.length)}>
              <b>{title}</b>
              <span>{summary}</span>
              <small>
                {progress[id]?.isDone && <Check />}
                {standOf(progress[id], steps.length, words)}
              </small>
            </button>
          </li>
        ))}
      </ol>
      <button type="button" className="quiet" onClick={togglePresenting}>
        {isPresenting ? words.presentEnd : words.present}
      </button>
    </>
  );
}

function standOf(one: Progress['lessons'][string] | undefined, steps: number, words: Words): string {
  if (one?.isDone) return words.done;
  return one && one.at > 0 ? `${one.at + 1} / ${steps}` : `${steps} ${words.steps}`;
}
