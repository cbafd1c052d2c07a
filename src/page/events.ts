import type { StoreApi } from 'zustand/vanilla';
import type { EngineEvent } from '../worker/api';
import type { Controller } from './controller';
import { withProgress } from './heard';
import type { State } from './state';

interface Parts {
  store: StoreApi<State>;
  controller: Controller;
  report: (error: unknown) => void;
  /** Images or splits are others than those that were loaded. */
  onDataChanged: () => void;
}

/** The listener for the engine's events: those of a run go to its controller. */
export function listenTo({ store, controller, report, onDataChanged }: Parts): (event: EngineEvent) => void {
  return (event) => {
    if (event.run !== undefined) {
      controller.hear(event);
      return;
    }
    switch (event.type) {
      case 'progress':
        store.setState(({ progress }) => ({ progress: withProgress(progress, event) }));
        break;
      case 'data':
        store.setState({ data: event.summary });
        if (event.changed) {
          controller.changeData();
          onDataChanged();
        }
        break;
      case 'opening':
        store.setState({ isOpeningModel: event.isOpening });
        break;
      case 'problem':
        report(event.message);
    }
  };
}
