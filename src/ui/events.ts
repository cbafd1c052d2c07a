import type { StoreApi } from 'zustand';
import type { SessionEvent, StepMetrics } from '../train/events';
import type { History } from './history';
import type { Progress, State } from './store';

/** The listener for the engine's events. Steps reach the page at most once a frame. */
export function listenTo(
  store: StoreApi<State>,
  history: History,
  report: (error: unknown) => void,
): (event: SessionEvent) => void {
  let latest: StepMetrics | undefined;
  const show = () => {
    // A reset between the step and this frame has emptied the history.
    if (history.length > 0) store.setState(({ version }) => ({ metrics: latest, version: version + 1 }));
    latest = undefined;
  };

  return (event) => {
    switch (event.type) {
      case 'state': {
        const hasEnded = event.state === 'finished' || event.state === 'failed';
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
          accuracies: [
            ...accuracies,
            {
              step: event.evaluation.step,
              student: event.evaluation.student.top1,
              teacher: event.evaluation.teacher.top1,
            },
          ],
        }));
        break;
      case 'progress':
        store.setState(({ progress }) => ({ progress: withProgress(progress, event) }));
        break;
      case 'problem':
        report(event.message);
    }
  };
}

/** The running actions after an event: one entry a label, gone when it is done. */
export function withProgress(all: Progress[], { label, done, total, unit }: Progress): Progress[] {
  const others = all.filter((one) => one.label !== label);
  return total > 0 && done >= total ? others : [...others, { label, done, total, unit }];
}
