import type { StoreApi } from 'zustand';
import type { Evaluation } from '../evaluate/results';
import type { SessionEvent, StepMetrics } from '../train/events';
import type { History } from './history';
import type { AccuracyPoint, Progress, State } from './state';

interface Parts {
  store: StoreApi<State>;
  history: History;
  /** Empties the charts. */
  clear: () => void;
  /** True while a command of the page is under way. */
  isCommanded: () => boolean;
  report: (error: unknown) => void;
}

/** The listener for the engine's events. Steps reach the page at most once a frame. */
export function listenTo({
  store,
  history,
  clear,
  isCommanded,
  report,
}: Parts): (event: SessionEvent) => void {
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
        store.setState(({ accuracies }) => ({
          evaluation: event.evaluation,
          accuracies: withAccuracy(accuracies, event.evaluation),
        }));
        break;
      case 'progress':
        store.setState(({ progress }) => ({ progress: withProgress(progress, event) }));
        break;
      case 'notice':
      case 'problem':
        report(event.message);
    }
  };
}

/** The accuracies with those of one more evaluation, which replaces an earlier one after the same step. */
function withAccuracy(all: AccuracyPoint[], { step, student, teacher }: Evaluation): AccuracyPoint[] {
  return [
    ...all.filter((point) => point.step !== step),
    { step, student: student.top1, teacher: teacher.top1 },
  ];
}

/** The running actions after an event: one entry a label, gone when it is done. */
function withProgress(all: Progress[], { label, done, total, unit }: Progress): Progress[] {
  const others = all.filter((one) => one.label !== label);
  return total > 0 && done >= total ? others : [...others, { label, done, total, unit }];
}
