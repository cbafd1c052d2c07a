import { Save } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { download } from '../../page/download';
import { bytes, plural } from '../../page/format';
import { type Choices, saveFile } from '../../page/share/save';
import { present } from '../../page/share/work';
import { EXTENSION } from '../../run/distillery';
import { useKept, useStore } from '../parts/stores';
import styles from './SharePanel.module.css';

/** Saves what fits in no link, as chosen. */
export function SaveFile() {
  const [{ parts, models }] = useState(present);
  const step = useStore((state) => state.metrics?.step ?? 0);
  const runs = useKept((state) => state.runs.length);
  const [choices, setChoices] = useState<Choices>({ data: true, models: true, student: true, runs: false });
  const saving = useSaving();
  const dropped = parts.flatMap((part) => ('files' in part ? part.files : []));
  const modelFiles = Object.values(models).flat();
  // Without the data and the models that trained it, a student can't be trained on.
  const canGoOn = (choices.data || dropped.length === 0) && (choices.models || modelFiles.length === 0);
  const rows: [keyof Choices, string, string][] = [
    ...(dropped.length > 0 ? [row('data', 'the dropped data', sizeOf(dropped))] : []),
    ...(modelFiles.length > 0 ? [row('models', 'the dropped models', sizeOf(modelFiles))] : []),
    ...(step > 0 ? [row('student', 'the student, to train on', `after ${plural(step, 'step')}`)] : []),
    ...(runs > 0 ? [row('runs', 'the kept runs', plural(runs, 'run'))] : []),
  ];
  return (
    <section aria-label={`A ${EXTENSION} file`}>
      <b>A {EXTENSION} file, with</b>
      <div className={styles.choices}>
        <label>
          <input type="checkbox" checked disabled />
          what is in the link
        </label>
        {rows.map(([choice, words, size]) => (
          <label key={choice}>
            <input
              type="checkbox"
              checked={choices[choice] && (choice !== 'student' || canGoOn)}
              disabled={choice === 'student' && !canGoOn}
              onChange={({ target }) => setChoices({ ...choices, [choice]: target.checked })}
            />
            {words}
            <small>{choice === 'student' && !canGoOn ? 'needs its data and models' : size}</small>
          </label>
        ))}
      </div>
      <div className={styles.foot}>
        {saving.share === undefined ? (
          <button type="button" className="button" onClick={() => void saving.start(choices)}>
            <Save />
            Save file
          </button>
        ) : (
          <>
            <div
              role="progressbar"
              aria-label="Saving"
              aria-valuenow={Math.round(100 * saving.share)}
              aria-valuemin={0}
              aria-valuemax={100}
            >
              <i style={{ transform: `scaleX(${saving.share})` }} />
            </div>
            <button type="button" className="quiet" onClick={saving.cancel}>
              Cancel
            </button>
          </>
        )}
        <span role="status" className="muted">
          {saving.said}
        </span>
      </div>
      {saving.problem && (
        <p role="alert" className={styles.problem}>
          {saving.problem}
        </p>
      )}
    </section>
  );
}

const row = (choice: keyof Choices, words: string, size: string): [keyof Choices, string, string] => [
  choice,
  words,
  size,
];

const sizeOf = (files: readonly { file: File }[]): string =>
  `${plural(files.length, 'file')}, ${bytes(files.reduce((sum, { file }) => sum + file.size, 0))}`;

/** The saving that is under way, if any: what share (0..1) of it is done, and what came of it. */
function useSaving() {
  const [share, setShare] = useState<number>();
  const [said, setSaid] = useState('');
  const [problem, setProblem] = useState('');
  const stopping = useRef(new AbortController());
  useEffect(() => () => stopping.current.abort(), []);
  const start = async (choices: Choices) => {
    stopping.current = new AbortController();
    const { signal } = stopping.current;
    setShare(0);
    setSaid('');
    setProblem('');
    try {
      const file = await saveFile(choices, {
        signal,
        onProgress: (done, total) => setShare(Math.round((100 * done) / total) / 100),
      });
      download(file, file.name);
      setSaid(`Saved, ${bytes(file.size)}`);
    } catch (error) {
      if (!signal.aborted)
        setProblem(`It could not be saved: ${error instanceof Error ? error.message : error}`);
    }
    setShare(undefined);
  };
  return { share, said, problem, start, cancel: () => stopping.current.abort() };
}
