import type { Guess } from '../../evaluate/results';
import { percent } from '../format';
import { useLabel } from '../labels';
import { useWatched } from './useWatched';

const ROWS = 4;

/** Both models' probabilities for the watched image, back to back: the teacher's to the left, the student's to the right. */
export function Butterfly() {
  const watched = useWatched();
  const label = useLabel();
  const rows = watched ? mostProbable(watched.teacher, watched.student) : [];
  return (
    <div className="butterfly">
      {rows.map(({ text, teacher, student }) => (
        <div key={text}>
          <Wing owner="teacher" share={teacher} />
          <span title={text}>{label(text)}</span>
          <Wing owner="student" share={student} />
        </div>
      ))}
    </div>
  );
}

function Wing({ owner, share }: { owner: 'teacher' | 'student'; share: number }) {
  return (
    <span className={`wing of-${owner}`}>
      <i style={{ transform: `scaleX(${share})` }} />
      <small>{percent(share)}</small>
    </span>
  );
}

/** The texts that either model finds likeliest; 0 where a text is not among a model's five. */
function mostProbable(teacher: Guess[], student: Guess[]) {
  const probability = (guesses: Guess[], text: string) =>
    guesses.find((g) => g.text === text)?.probability ?? 0;
  return [...new Set([...teacher, ...student].map(({ text }) => text))]
    .map((text) => ({ text, teacher: probability(teacher, text), student: probability(student, text) }))
    .sort((a, b) => b.teacher + b.student - (a.teacher + a.student))
    .slice(0, ROWS);
}
