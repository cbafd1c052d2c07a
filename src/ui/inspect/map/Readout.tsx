import { Check, X } from 'lucide-react';
import type { Guess, Prediction } from '../../../evaluate/results';
import { count, percentage } from '../../../page/format';
import { isRight } from '../../../page/inspect/order';
import type { Layout } from '../../../page/map/layouts';
import { DataImage } from '../../parts/DataImage';
import { useLabel } from '../../parts/labels';
import { OneLine } from '../../parts/OneLine';
import type { Mark } from './places';
import styles from './Readout.module.css';

interface ReadoutProps {
  layout: Layout;
  shown: Mark | undefined;
  /** What the student is called that is compared with; undefined where none is. */
  compared: string | undefined;
}

/** How far student and teacher are apart, in the mean and at the mark that is looked at. */
export function Readout({ layout, shown, compared }: ReadoutProps) {
  const { beside } = layout;
  return (
    <div className={styles.readout}>
      <p
        className={styles.mean}
        title="The mean of 1 − cosine between uₜ and uₛ of each image: 0 where both point the same way, 1 at a right angle"
      >
        <span>Mean distance</span>
        <output aria-label="Mean distance">{distance(meanOf(layout.distances))}</output>
        <span>{compared ? `step ${count(layout.evaluation.step)}` : '1 − cosine'}</span>
        {compared && beside && (
          <>
            <output aria-label="Mean distance, compared">
              {distance(meanOf(beside.distances.filter(Number.isFinite)))}
            </output>
            <OneLine text={compared} />
          </>
        )}
      </p>
      <div className={styles.card} aria-live="polite">
        {!shown && <p className="muted">Point at an image, or go through them with the arrow keys.</p>}
        {shown && 'row' in shown && (
          <ImageCard
            prediction={layout.evaluation.predictions[shown.row]}
            distanceBetween={layout.distances[shown.row]}
            compared={beside && otherAt(beside, layout.evaluation.predictions[shown.row], shown.row)}
          />
        )}
        {shown && 'text' in shown && <TextCard text={layout.evaluation.logits.texts[shown.text]} />}
      </div>
    </div>
  );
}

interface Answered {
  prediction: Prediction;
  /** 1 − cosine between both models' features. */
  distanceBetween: number;
}

/** The same image by the student that is compared with; undefined where that one did not look at it. */
function otherAt(
  { evaluation, distances }: NonNullable<Layout['beside']>,
  { image }: Prediction,
  row: number,
): Answered | undefined {
  const prediction = evaluation.predictions.find((one) => one.image === image);
  return prediction && { prediction, distanceBetween: distances[row] };
}

function ImageCard({ prediction, distanceBetween, compared }: Answered & { compared?: Answered }) {
  const label = useLabel();
  const { image, path, truth, teacher, student } = prediction;
  const name = truth.map(label).join(', ') || path;
  return (
    <>
      <div className={styles.head}>
        <DataImage index={image} alt="" />
        <b title={path}>{name}</b>
      </div>
      <dl>
        <Answer owner="teacher" name="teacher" guess={teacher[0]} prediction={prediction} />
        <Answer owner="student" name="student" guess={student[0]} prediction={prediction} />
        <dt>distance</dt>
        <dd>{distance(distanceBetween)}</dd>
        {compared && (
          <>
            <Answer
              owner="student"
              name="compared"
              guess={compared.prediction.student[0]}
              prediction={compared.prediction}
            />
            <dt>distance</dt>
            <dd>{distance(compared.distanceBetween)}</dd>
          </>
        )}
      </dl>
    </>
  );
}

interface AnswerProps {
  owner: 'teacher' | 'student';
  name: string;
  guess: Guess | undefined;
  prediction: Prediction;
}

function Answer({ owner, name, guess, prediction }: AnswerProps) {
  const label = useLabel();
  if (!guess) return null;
  const right = isRight(prediction, guess.text);
  const Verdict = right ? Check : X;
  return (
    <>
      <dt className={`of-${owner}`}>{name}</dt>
      <dd title={label(guess.text)}>
        {prediction.truth.length > 0 && <Verdict aria-label={right ? 'right' : 'wrong'} />}
        <span>{label(guess.text)}</span> {percentage(guess.probability)}
      </dd>
    </>
  );
}

function TextCard({ text }: { text: string }) {
  const label = useLabel();
  return (
    <p>
      The text <b>{label(text)}</b>, where the teacher puts it.
    </p>
  );
}

const meanOf = (values: Float32Array): number => values.reduce((a, b) => a + b, 0) / values.length;

/** Three digits after the point; a dash where the run has diverged. */
const distance = (value: number): string => (Number.isFinite(value) ? Math.max(0, value).toFixed(3) : '–');
