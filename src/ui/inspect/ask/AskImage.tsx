import { clsx } from 'clsx';
import { useCallback, useEffect, useMemo, useState } from 'react';
import type { ImageAnswers } from '../../../evaluate/results';
import { engine } from '../../../page/engine';
import { count, loss, percentage } from '../../../page/format';
import { askedStore, type OwnPicture } from '../../../page/inspect/asked';
import { order, probabilities } from '../../../page/inspect/ranks';
import { asTyped, typedTexts } from '../../../page/inspect/template';
import { useWatched } from '../../figure/useWatched';
import { useAsked, useStore } from '../../parts/stores';
import { AnswerList } from './AnswerList';
import styles from './Ask.module.css';
import { ImageChoice } from './ImageChoice';
import { TemplateChoice } from './TemplateChoice';
import { useAnswer } from './useAnswer';
import { useAttends } from './useAttends';
import { useLive } from './useLive';
import { useSettled } from './useSettled';
import { useTemplate } from './useTemplate';

/** One image, and what both models take it for. */
export function AskImage() {
  const { typed, withOwn } = useAsked();
  const template = useTemplate();
  const settled = useSettled(typed);
  const texts = useMemo(() => typedTexts(settled, template), [settled, template]);
  const chosen = useAsked((state) => state.image);
  const followed = useWatched()?.image;
  const image = chosen ?? followed;
  const hasTexts = withOwn || texts.length > 0;
  const ask = useCallback(
    () =>
      image === undefined
        ? Promise.resolve(undefined)
        : engine.ask({ image: withoutAddress(image), texts, withOwn }),
    [image, texts, withOwn],
  );
  const [isLive, setLive] = useState(false);
  // Whoever takes a picture wants that one.
  useEffect(() => setLive(false), [chosen]);
  const live = useLive(isLive, texts, withOwn);
  const still = useAnswer(!isLive && image !== undefined && hasTexts ? ask : undefined);
  const { answer, problem } = isLive ? live : still;
  const isWaiting = isLive ? !answer && !problem : still.isWaiting;
  const own = useStore((state) => state.data?.promptTemplate);
  return (
    <div className={styles.image}>
      <ImageChoice
        image={image}
        isFollowed={chosen === undefined}
        isBroken={problem !== undefined}
        live={live}
        isLive={isLive}
        onLive={setLive}
      />
      <div className={styles.texts}>
        <textarea
          aria-label="Texts to ask, one a line"
          placeholder={'Type texts, one a line:\na dog in a hat'}
          maxLength={4000}
          value={typed}
          onChange={(event) => askedStore.setState({ typed: event.target.value })}
        />
        <label className={styles.check}>
          <input
            type="checkbox"
            checked={withOwn}
            onChange={(event) => askedStore.setState({ withOwn: event.target.checked })}
          />
          and the data’s own texts
        </label>
        <TemplateChoice />
      </div>
      <div className={clsx(styles.answers, isWaiting && styles.isWaiting)} aria-busy={isWaiting}>
        {problem && <p role="alert">{problem}</p>}
        {isLive && !live.isRunning && !problem && <p className="muted">The camera starts…</p>}
        {!hasTexts && <p className="muted">Type a text, or ask with the data’s own.</p>}
        {answer && (
          <>
            <AnswerList owner="teacher" answers={answer} typed={texts} template={own} />
            <AnswerList owner="student" answers={answer} typed={texts} template={own} />
            <Note answers={answer} />
          </>
        )}
        <p className="unseen" role="status">
          {!isLive && still.first && spoken(still.first, own)}
        </p>
      </div>
    </div>
  );
}

/** The engine needs no more of a picture. */
function withoutAddress(image: number | OwnPicture) {
  if (typeof image === 'number') return image;
  const { id, path, file } = image;
  return { id, path, file };
}

function Note({ answers: { texts, ownTexts, cut, step } }: { answers: ImageAnswers }) {
  const alpha = useStore((state) => state.metrics?.alpha);
  const attends = useAttends();
  return (
    <p className={styles.note}>
      {cut.map((text) => `“${text.slice(0, 40)}…” is longer than the teacher reads; its end was cut off. `)}
      {texts.length === 1 && 'A text alone always gets all of the probability: its cosine is shown too. '}
      {ownTexts.asked > 0 &&
        ownTexts.asked < ownTexts.all &&
        `Of the data’s ${count(ownTexts.all)} texts ${count(ownTexts.asked)} are asked. `}
      After step {step}. The student has no text tower: it is compared with the teacher’s features of the
      texts, its image features going through the projector
      {attends && ` and EduAttention over just these ${count(texts.length)} texts`}
      {attends && alpha !== undefined && `, with α = ${loss(alpha)}`}.
    </p>
  );
}

function spoken({ texts, ...logits }: ImageAnswers, template: string | undefined): string {
  const best = (owner: 'teacher' | 'student') => {
    const [index] = order(logits[owner]);
    return `${asTyped(texts[index], template)}, ${percentage(probabilities(logits[owner])[index])}`;
  };
  return `Teacher: ${best('teacher')}. Student: ${best('student')}.`;
}
