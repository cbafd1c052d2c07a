import clsx from 'clsx';
import type { Run } from '../../run/schema';
import { Menu } from '../parts/Menu';
import { Segments } from '../parts/Segments';
import { StopSlider } from '../parts/StopSlider';
import { changeLoss, changeRun, changeTrain, discardChanges, isPending, reset, useStore } from '../store';
import { UndoButtons } from '../undo/UndoButtons';
import styles from './method.module.css';

const methods = [
  ['comkd', 'ComKD'],
  ['promptkd', 'PromptKD'],
  ['none', 'Alone'],
] as const;

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

const weights = [0, 0.1, 0.2, 0.5, 1, 2, 5, 10];
const temperatures = [0.25, 0.5, 1, 2, 4, 8];
const rates = [1e-5, 2e-5, 5e-5, 1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2, 0.1];
const batches = [4, 8, 16, 32, 64, 128, 256];
const stepCounts = [50, 100, 200, 300, 500, 1000, 2000, 5000, 10000];

const isPositive = (n: number) => n > 0 && Number.isFinite(n);
const isWeight = (n: number) => n >= 0 && Number.isFinite(n);
const isCount = (n: number) => n >= 1 && Number.isInteger(n);

export function MethodPanel() {
  const { method, loss, train, student } = useStore((state) => state.run);
  return (
    <section className={clsx('panel', styles.method)} aria-label="Method">
      <MethodHead />
      <Segments
        label="Method of training"
        value={method}
        options={methods}
        onChange={(m) => changeRun({ method: m })}
      />
      <div className={styles.sliders}>
        <StopSlider
          label="Weight of IFAlign"
          value={loss.alignWeight}
          stops={weights}
          isValid={isWeight}
          disabled={method !== 'comkd' || !loss.ifAlign}
          onChange={(alignWeight) => changeLoss({ alignWeight })}
        />
        <StopSlider
          label="Weight of refinement"
          value={loss.kdWeight}
          stops={weights}
          isValid={isWeight}
          disabled={method === 'none' || (method === 'comkd' && !loss.refine)}
          onChange={(kdWeight) => changeLoss({ kdWeight })}
        />
        <StopSlider
          label="Temperature τ"
          value={loss.temperature}
          stops={temperatures}
          isValid={isPositive}
          disabled={method === 'none'}
          onChange={(temperature) => changeLoss({ temperature })}
        />
        <StopSlider
          label="Learning rate"
          value={train.learningRate}
          stops={rates}
          isValid={isPositive}
          onChange={(learningRate) => changeTrain({ learningRate })}
        />
        <StopSlider
          label="Batch size"
          value={train.batchSize}
          stops={batches}
          isValid={isCount}
          onChange={(batchSize) => changeTrain({ batchSize })}
        />
        <StopSlider
          label="Length in steps"
          value={train.steps ?? 500}
          stops={stepCounts}
          isValid={isCount}
          onChange={(steps) => changeTrain({ steps, epochs: undefined })}
        />
      </div>
      <div className={styles.choices}>
        <Menu
          isLabelled
          label="Trains"
          value={trainedParameters({ train, student })}
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

/** What trains where the run leaves it open: everything from random weights, prompts in a checkpoint. */
const trainedParameters = ({ train, student }: Pick<Run, 'train' | 'student'>) =>
  train.parameters ?? (typeof student === 'string' ? 'prompts' : 'full');
