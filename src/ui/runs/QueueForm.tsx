import clsx from 'clsx';
import { useId, useState } from 'react';
import { differenceInWords } from '../../page/describeRun';
import { plural } from '../../page/format';
import { estimate, imagesOf } from '../../page/runs/duration';
import { startQueue, waiting } from '../../page/runs/queue';
import { type Axis, ablation, listed, plan, sweepable, type VariedSetting } from '../../page/runs/sweep';
import { store } from '../../page/store';
import { type Run, runSchema } from '../../run/schema';
import { Scroller } from '../parts/Scroller';
import { Segments } from '../parts/Segments';
import { useStore } from '../parts/stores';
import { QueueTable } from './QueueTable';
import styles from './runs.module.css';
import { useImagesPerSecond } from './useImagesPerSecond';

const kinds = [
  ['ablation', 'The paper’s ablation'],
  ['sweep', 'A sweep'],
] as const;
type Kind = (typeof kinds)[number][0];

const MOST = 100;

/** What is typed for one setting of a sweep. */
interface Typed {
  setting: VariedSetting;
  values: string;
}

/** Which settings to compare: the paper's parts, or chosen values of one or two settings. */
export function QueueForm() {
  const run = useStore((state) => state.run);
  const isReady = useStore((state) => state.data !== undefined);
  const [kind, setKind] = useState<Kind>('ablation');
  const [first, setFirst] = useState<Typed>(() => typedFor(sweepable[0]));
  const [second, setSecond] = useState<Typed>();
  const [seeds, setSeeds] = useState(() => String(run.train.seed));
  const axes = kind === 'ablation' ? ablation : [first, ...(second ? [second] : [])].map(axisOf);
  const { runs, leftOut, same, problems } = plan(run, axes, listed(seeds));
  const names = axes.map(({ setting }) => setting.label);
  const tooMany =
    runs.length > MOST ? `These are ${runs.length} runs; ${MOST} at most can wait at once.` : '';
  const wrong = [...problems, tooMany].filter(Boolean);
  return (
    <>
      <div className={clsx(styles.runsBody, styles.queueForm)}>
        <Segments label="Kind of comparison" value={kind} options={kinds} onChange={setKind} />
        {kind === 'ablation' ? (
          <p>
            IFAlign, EduAttention and refinement, each on and off, in every combination that leaves something
            to learn from.
          </p>
        ) : (
          <>
            <SettingRow
              label="Setting"
              typed={first}
              taken={second?.setting}
              onChange={(next) => next && setFirst(next)}
            />
            <SettingRow label="Second setting" typed={second} taken={first.setting} onChange={setSecond} />
          </>
        )}
        <Seeds value={seeds} onChange={setSeeds} />
        <p className="muted">{otherSettings(run, axes)}</p>
        {wrong.map((problem) => (
          <p key={problem} role="alert" className="notice is-problem">
            <span>{problem}</span>
          </p>
        ))}
        {kind === 'sweep' &&
          leftOut.map((reason) => (
            <p key={reason} className="notice">
              <span>Left out: {reason}</span>
            </p>
          ))}
        {same.map((reason) => (
          <p key={reason} className="notice">
            <span>Trained once: {reason}.</span>
          </p>
        ))}
        {runs.length > 0 && (
          <Scroller label="Runs to compare">
            <QueueTable queue={{ axes: names, data: '', items: runs.map(waiting) }} />
          </Scroller>
        )}
      </div>
      <div className="dialog-foot">
        <span className="muted" aria-live="polite">
          <Length runs={runs.map((planned) => planned.run)} />
        </span>
        <span className="spring" />
        <button
          type="button"
          className="button is-primary"
          disabled={!isReady || wrong.length > 0 || runs.length === 0}
          onClick={() => startQueue(names, runs)}
        >
          {runs.length > 0 ? `Start ${plural(runs.length, 'run')}` : 'Start'}
        </button>
      </div>
    </>
  );
}

interface SettingRowProps {
  label: string;
  /** Nothing where this setting is not used. */
  typed: Typed | undefined;
  /** The other row's setting. */
  taken: VariedSetting | undefined;
  onChange: (typed: Typed | undefined) => void;
}

/** A setting and the values it is to take: typed, or chosen among good ones. */
function SettingRow({ label, typed, taken, onChange }: SettingRowProps) {
  const id = useId();
  const values = listed(typed?.values ?? '');
  const toggle = (setting: VariedSetting, value: string) => {
    const next = values.includes(value) ? values.filter((one) => one !== value) : [...values, value];
    onChange({ setting, values: next.sort(byNumber).join(', ') });
  };
  return (
    <fieldset className={styles.settingRow}>
      <legend>{label}</legend>
      <select
        className={styles.runsMenu}
        aria-label={label}
        value={typed?.setting.label ?? ''}
        onChange={({ target }) => {
          const setting = sweepable.find((one) => one.label === target.value);
          onChange(setting && typedFor(setting));
        }}
      >
        {label === 'Second setting' && <option value="">none</option>}
        {sweepable
          .filter((one) => one !== taken)
          .map((one) => (
            <option key={one.label}>{one.label}</option>
          ))}
      </select>
      {typed && (
        <>
          <label htmlFor={id} className="unseen">
            Values of {typed.setting.label}
          </label>
          <input
            id={id}
            type="text"
            className="field"
            value={typed.values}
            onChange={({ target }) => onChange({ ...typed, values: target.value })}
          />
          <div className="chips">
            {typed.setting.suggested.map((value) => (
              <button
                type="button"
                key={value}
                className="chip"
                aria-pressed={values.includes(value)}
                onClick={() => toggle(typed.setting, value)}
              >
                {value}
              </button>
            ))}
          </div>
        </>
      )}
    </fieldset>
  );
}

function Seeds({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const id = useId();
  return (
    <div className={styles.settingRow}>
      <label htmlFor={id}>Seeds</label>
      <input
        id={id}
        type="text"
        className="field"
        value={value}
        aria-describedby={`${id}-why`}
        onChange={({ target }) => onChange(target.value)}
      />
      <small id={`${id}-why`} className="muted">
        Several, as in 0, 1, 2, show how much is chance: the table gives mean ± standard deviation.
      </small>
    </div>
  );
}

/** How many runs these are, and about how long they take, as far as it can be known. */
function Length({ runs }: { runs: Parameters<typeof imagesOf>[0] }) {
  const perSecond = useImagesPerSecond();
  const images = imagesOf(runs);
  if (runs.length === 0) return null;
  const taken = images > 0 ? estimate(images, [], perSecond) : '';
  if (!taken) return <>How long it takes is known once a run has been seen.</>;
  return <>It takes {taken} at the speed of the last run; loading and evaluating come on top.</>;
}

/** A few values to begin with: the setting's own, and two beside it. */
function typedFor(setting: VariedSetting): Typed {
  const now = setting.now(store.getState().run);
  const others = setting.suggested.filter((value) => value !== now);
  const near = others.sort((a, b) => Math.abs(ratio(a, now)) - Math.abs(ratio(b, now))).slice(0, 2);
  return { setting, values: [now, ...near].sort(byNumber).join(', ') };
}

const ratio = (a: string, b: string): number => Math.log((Number(a) + 1e-9) / (Number(b) + 1e-9)) || 0;

/** Names stay in their order. */
const byNumber = (a: string, b: string): number => Number(a) - Number(b) || 0;

const axisOf = ({ setting, values }: Typed): Axis => ({ setting, values: listed(values) });

/** What all runs have in common: every setting that is not the method's own. */
function otherSettings(run: Run, axes: readonly Axis[]): string {
  const { data, dataOptions, teacher, student, method } = run;
  const own = runSchema.parse({ data, dataOptions, teacher, student, method });
  const unvaried = axes.reduce((one, { setting }) => setting.change(one, setting.now(own)), run);
  return `All else as on the page: ${differenceInWords(unvaried, own) || 'the method’s own settings'}.`;
}
