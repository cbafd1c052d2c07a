import { clsx } from 'clsx';
import { useCallback } from 'react';
import type { SearchResult } from '../../../evaluate/results';
import { engine } from '../../../page/engine';
import { count } from '../../../page/format';
import { askedStore } from '../../../page/inspect/asked';
import { found } from '../../../page/inspect/ranks';
import { asRead } from '../../../page/inspect/template';
import { useLabel } from '../../parts/labels';
import { useAsked, useStore } from '../../parts/stores';
import styles from './Ask.module.css';
import { FoundImages } from './FoundImages';
import { TemplateChoice } from './TemplateChoice';
import { useAnswer } from './useAnswer';
import { useAttends } from './useAttends';
import { useSettled } from './useSettled';
import { useTemplate } from './useTemplate';

/** A text, and the held-out images that both models find for it. */
export function AskText() {
  const query = useAsked((state) => state.query);
  const template = useTemplate();
  const settled = useSettled(query).trim();
  const text = asRead(settled, template);
  const ask = useCallback(() => engine.search(text), [text]);
  const { answer, first, problem, isWaiting } = useAnswer(settled === '' ? undefined : ask);
  return (
    <div className={styles.search}>
      <div className={styles.query}>
        <input
          type="search"
          aria-label="Find images for a text"
          placeholder="Find images: type a text"
          list="own-texts"
          maxLength={1000}
          value={query}
          onChange={(event) => askedStore.setState({ query: event.target.value })}
        />
        <OwnTexts />
        <TemplateChoice />
      </div>
      {problem && <p role="alert">{problem}</p>}
      {query === '' && <Examples />}
      {answer && (
        <div className={clsx(styles.found, isWaiting && styles.isWaiting)} aria-busy={isWaiting}>
          <FoundImages owner="teacher" result={answer} />
          <FoundImages owner="student" result={answer} />
          <Note result={answer} text={text} />
        </div>
      )}
      <p className="unseen" role="status">
        {first && spoken(first)}
      </p>
    </div>
  );
}

/** Texts of the data to begin with. */
const EXAMPLES = 5;

/** What can be done here, before anything is searched for. */
function Examples() {
  const label = useLabel();
  const samples = useStore((state) => state.data?.samples);
  const texts = [...new Set(samples?.map(({ text }) => text))].filter(Boolean).slice(0, EXAMPLES);
  return (
    <div className={styles.examples}>
      <p className="muted">
        Both models look through the test images for what you describe. Type anything, or begin with
      </p>
      {texts.map((text) => (
        <button
          type="button"
          className="button"
          key={text}
          onClick={() => askedStore.setState({ query: label(text) })}
        >
          {label(text)}
        </button>
      ))}
    </div>
  );
}

/** Suggests the data's own texts; more than a list can show would be of no help. */
function OwnTexts() {
  const classes = useStore((state) => state.data?.classes);
  return (
    <datalist id="own-texts">
      {classes?.slice(0, 1000).map((name) => (
        <option key={name} value={name} />
      ))}
    </datalist>
  );
}

function Note({ result, text }: { result: SearchResult; text: string }) {
  const { step, all, images, heldOut, isCut, isOwn } = result;
  const attends = useAttends();
  const kind = heldOut ? 'test images' : 'training images (none are held out)';
  const some = images.length < all ? `${count(images.length)} of ${count(all)}` : count(all);
  return (
    <p className={styles.note}>
      {isCut && 'The text is longer than the teacher reads; its end was cut off. '}
      After step {step}, among {some} {kind}, for “{text.length > 80 ? `${text.slice(0, 80)}…` : text}”
      {isOwn ? ', which those with a ✓ have. ' : ', which is none of the data’s own texts. '}
      Small: the other model’s rank, framed where it is far behind. The student has no text tower: its image
      features{attends && ', after EduAttention over the data’s own texts,'} are compared with the teacher’s
      feature of the text.
    </p>
  );
}

function spoken(result: SearchResult): string {
  const best = (owner: 'teacher' | 'student') => {
    const [first] = found(result, owner);
    const { texts, path } = result.images[first.index];
    return texts.join(', ') || path;
  };
  return `Teacher’s first: ${best('teacher')}. Student’s first: ${best('student')}.`;
}
