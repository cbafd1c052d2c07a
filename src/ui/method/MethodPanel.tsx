import clsx from 'clsx';
import { methodNames, methods } from '../../distill/methods/methods';
import { type Change, changed } from '../../page/change';
import {
  changeRun,
  changeTrain,
  discardChanges,
  isPending,
  newProblem,
  reset,
  store,
} from '../../page/store';
import { type Run, trainedParameters } from '../../run/schema';
import { Menu } from '../parts/Menu';
import { StopSlider } from '../parts/StopSlider';
import { useStore } from '../parts/stores';
import { UndoButtons } from '../undo/UndoButtons';
import styles from './method.module.css';

const trained = [
  ['full', 'image tower, heads'],
  ['prompts', 'prompts, heads'],
  ['heads', 'heads alone'],
] as const;

const optimizers = [
  ['adamw', 'AdamW'],
  ['sgd', 'SGD, momentum'],
] as const;

const schedules = [
  ['cosine', 'cosine'],
  ['constant', 'constant'],
] as const;

const rates = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1];
const batches = [4, 8, 16, 32, 64, 128, 256];
const parts = [1, 2, 4, 8, 16, 32];
/** Smaller ones fit everywhere, and one slider less fits on the screen. */
const LARGE_BATCH = 64;
const stepCounts = [50, 100, 200, 300, 500, 1000, 2000, 5000, 10000];

export function MethodPanel() {
  const run = useStore((state) => state.run);
  const { method, loss, train } = run;
  return (
    <section className={clsx('panel', styles.method)} aria-label="Method">
      <MethodHead />
      <Menu
        isLabelled
        label="Learns by"
        value={method}
        options={useMethods()}
        onChange={(m) => changeRun({ method: m })}
      />
      <div className={styles.sliders}>
        {methods[method].sliders.map(({ option, label, stops, isUsed }) => (
          <StopSlider
            key={option}
            label={label}
            value={Number(loss[option])}
            stops={stops}
            isValid={(value) => isAllowed({ loss: { [option]: value } })}
            disabled={isUsed && !isUsed(loss)}
            onChange={(value) => changeRun(changed(run, { loss: { [option]: value } }))}
          />
        ))}
        <StopSlider
          label="Learning rate"
          value={train.learningRate}
          stops={rates}
          isValid={(learningRate) => isAllowed({ train: { learningRate } })}
          onChange={(learningRate) => changeTrain({ learningRate })}
        />
        <StopSlider
          label="Batch size"
          value={train.batchSize}
          stops={batches}
          isValid={(batchSize) => isAllowed({ train: { batchSize } })}
          onChange={(batchSize) => changeTrain({ batchSize })}
        />
        {(train.accumulate > 1 || train.batchSize >= LARGE_BATCH) && (
          <StopSlider
            label="Batch in parts"
            value={train.accumulate}
            stops={parts}
            isValid={(accumulate) => isAllowed({ train: { accumulate } })}
            onChange={(accumulate) => changeTrain({ accumulate })}
          />
        )}
        <StopSlider
          label="Length in steps"
          value={train.steps ?? 500}
          stops={stepCounts}
          isValid={(steps) => isAllowed({ train: { steps, epochs: undefined } })}
          onChange={(steps) => changeTrain({ steps, epochs: undefined })}
        />
      </div>
      <div className={styles.choices}>
        <Menu
          isLabelled
          label="Trains"
          value={trainedParameters(run)}
          options={trained}
          onChange={(parameters) => changeTrain({ parameters })}
        />
        <Menu
          isLabelled
          label="Optimiser"
          value={train.optimizer}
          options={optimizers}
          onChange={(optimizer) => changeTrain({ optimizer })}
        />
        <Menu
          isLabelled
          label="Schedule"
          value={train.schedule}
          options={schedules}
          onChange={(schedule) => changeTrain({ schedule })}
        />
      </div>
    </section>
  );
}

/** The title, and while edits wait for a restart what to do about them. */
function MethodHead() {
  const waits = useStore((state) => isPending(state) && state.metrics !== undefined);
  return (
    <div className="panel-head">
      <h2>Method</h2>
      <UndoButtons />
      {waits && (
        <div>
          <button type="button" className="quiet" onClick={discardChanges}>
            Discard
          </button>
          <button
            type="button"
            className="quiet is-strong"
            aria-label="Apply and restart"
            title="The changes apply from step 0"
            onClick={() => void reset()}
          >
            Restart
          </button>
        </div>
      )}
    </div>
  );
}

/** Whether the engine would take the settings with this change. */
const isAllowed = (change: Change): boolean =>
  newProblem(changed(store.getState().run, change)) === undefined;

/** The methods that can be chosen for the data of the moment, with what they are called and need. */
function useMethods(): (readonly [Run['method'], string])[] {
  const run = useStore((state) => state.run);
  const data = useStore((state) => state.data);
  return methodNames
    .filter(
      (method) =>
        method === run.method ||
        (!methods[method].hasNoTeacher &&
          (data?.training.labelled !== 0 || !methods[method].labels?.(run.loss))),
    )
    .map((method) => [method, `${methods[method].name}, ${methods[method].needs}`]);
}
