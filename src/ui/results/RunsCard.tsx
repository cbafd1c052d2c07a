import { useMemo } from 'react';
import { describeRun } from '../describeRun';
import { count, percent } from '../format';
import { defaultRun, useStore } from '../store';
import { bestOf, runColours, shownRuns } from './runs';

/** The run of the moment and those before it on the same data, with their best accuracies. */
export function RunsCard() {
  const loaded = useStore((state) => state.loadedRun);
  const accuracies = useStore((state) => state.accuracies);
  const session = useStore((state) => state.session);
  const past = useStore((state) => state.past);
  const data = useStore((state) => state.data?.name);
  const before = useMemo(() => shownRuns(past, data), [past, data]);
  return (
    <div className="panel runs">
      <div className="panel-head">
        <h2>Runs</h2>
        <span className="muted">best accuracy</span>
      </div>
      <ul>
        <Entry
          colour="student"
          name={describeRun(loaded, defaultRun)}
          note={session}
          best={bestOf(accuracies)}
        />
        {before.map((run, i) => (
          <Entry
            key={run.id}
            colour={runColours[i]}
            name={describeRun(run.run, defaultRun)}
            note={`${count(run.steps)} steps`}
            best={bestOf(run.accuracies)}
          />
        ))}
        {before.length === 0 && (
          <li className="muted hint">Reset with other settings, and this run stays here to compare.</li>
        )}
      </ul>
      <Comparison />
    </div>
  );
}

function Entry({
  colour,
  name,
  note,
  best,
}: {
  colour: string;
  name: string;
  note: string;
  best: number | undefined;
}) {
  return (
    <li>
      <i className="swatch" style={{ background: `var(--${colour})` }} />
      <span title={`${name}, ${note}`}>
        {name} <span className="muted">{note}</span>
      </span>
      <b>{best === undefined ? '–' : `${percent(best)} %`}</b>
    </li>
  );
}

/** What the student costs and what it achieves, against the teacher. */
function Comparison() {
  const teacher = useStore((state) => state.teacher);
  const student = useStore((state) => state.student);
  const accuracies = useStore((state) => state.accuracies);
  const best = bestOf(accuracies);
  const ofTeacher = accuracies.at(-1)?.teacher;
  if (!teacher || !student) return null;
  return (
    <p className="comparison">
      The student has <b>{percentOf(student.imageParameters, teacher.imageParameters)}</b> of the teacher’s
      parameters
      {best !== undefined && ofTeacher ? (
        <>
          {' '}
          and has reached <b>{percentOf(best, ofTeacher)}</b> of its accuracy
        </>
      ) : null}
      .
    </p>
  );
}

const percentOf = (part: number, whole: number): string => `${((part / whole) * 100).toFixed(0)} %`;
