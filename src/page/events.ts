import type { StoreApi } from 'zustand/vanilla';
import type { Evaluation } from '../evaluate/results';
import type { EvaluationSummary } from '../run/report';
import type { StepMetrics } from '../train/events';
import type { EngineEvent } from '../worker/api';
import type { History } from './history';
import type { Progress, State } from './state';

interface Parts {
  store: StoreApi<State>;
  history: History;
  /** Empties the charts. */
  clear: () => void;
  /** True while a command of the page is under way. */
  isCommanded: () => boolean;
  report: (error: unknown, isNotice?: boolean) => void;
  /** Images or splits are others than those that were loaded. */
  onDataChanged: () => void;
}

/** The listener for the engine's events. Steps reach the page at most once a frame. */
export function listenTo({
  store,
  history,
  clear,
  isCommanded,
  report,
  onDataChanged,
}: Parts): (event: EngineEvent) => void {
  let latest: StepMetrics | undefined;
  const show = () => {
    // A reset between the step and this frame has emptied the history.
    if (history.length > 0) store.setState(({ version }) => ({ metrics: latest, version: version + 1 }));
    latest = undefined;
  };

  return (event) => {
    switch (event.type) {
      case 'state': {
        // The last step before a restart may have come after the restart was asked for.
        if (event.state === 'loading') clear();
        // It pauses by itself where a loss is no longer a number.
        const hasStopped = event.state === 'paused' && !isCommanded();
        const hasEnded = hasStopped || event.state === 'finished' || event.state === 'failed';
        store.setState(hasEnded ? { session: event.state, wantsPlay: false } : { session: event.state });
        break;
      }
      case 'step': {
        history.push(event.metrics);
        if (!latest) requestAnimationFrame(show);
        latest = event.metrics;
        break;
      }
      case 'evaluation':
        store.setState(({ evaluations }) => ({
          evaluation: event.evaluation,
          evaluations: withEvaluation(evaluations, event.evaluation),
        }));
        break;
      case 'progress':
        store.setState(({ progress }) => ({ progress: withProgress(progress, event) }));
        break;
      case 'data':
        store.setState({ data: event.summary });
        if (event.changed) {
          store.setState({ isDataChanged: true });
          onDataChanged();
        }
        break;
      case 'opening':
        store.setState({ isOpeningModel: event.isOpening });
        break;
      case 'notice':
        report(event.message, true);
        break;
      case 'problem':
        report(event.message);
    }
  };
}

/** The evaluations with one more, which replaces an earlier one after the same step. */
function withEvaluation(
  all: EvaluationSummary[],
  { step, images, heldOut, teacher, student, agreement }: Evaluation,
): EvaluationSummary[] {
  return [...all.filter((one) => one.step !== step), { step, images, heldOut, teacher, student, agreement }];
}

/** The running actions after an event: one entry a label, gone when it is done. */
function withProgress(all: Progress[], { label, done, total, unit }: Progress): Progress[] {
  const others = all.filter((one) => one.label !== label);
  return total > 0 && done >= total ? others : [...others, { label, done, total, unit }];
}
