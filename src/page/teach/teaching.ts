import { createStore } from 'zustand/vanilla';
import type { StepMetrics } from '../../train/events';
import type { DroppedFile, StageEvent, TaughtTeacher, TeacherResult } from '../../worker/api';
import { engine } from '../engine';
import { type Progress, type State, wantsPlay } from '../state';
import { report, store, togglePlay } from '../store';
import { closeStage } from './stage';

export interface TeachingState<Settings> {
  phase: 'ready' | 'running' | 'done' | 'taking';
  settings: Settings;
  /** The loss of each step. */
  totals: number[];
  metrics?: StepMetrics;
  progress?: Progress;
  before?: TeacherResult;
  after?: TeacherResult;
  /** What came of it. */
  file?: DroppedFile;
  problem?: string;
}

interface Parts<Settings> {
  /** Settings to begin with, for the teacher and data in use. */
  first: (state: State) => Settings;
  carryOut: (
    state: State,
    settings: Settings,
    listener: (event: StageEvent) => void,
  ) => Promise<TaughtTeacher>;
  /** What its file is called. */
  nameOf: (state: State) => string;
  /** Puts what came of it into the run of the page, which is loaded with it. */
  take: (file: DroppedFile) => Promise<void>;
}

export type Teaching<Settings> = ReturnType<typeof teachingBy<Settings>>;

/** A stage before the run: what a person sees of it, and can do. */
export function teachingBy<Settings>({ first, carryOut, nameOf, take }: Parts<Settings>) {
  const fresh = (settings: Settings): TeachingState<Settings> => ({ phase: 'ready', settings, totals: [] });
  const stage = createStore(() => fresh(first(store.getState())));
  const { getState: get, setState: set } = stage;

  function hear(event: StageEvent): void {
    if (event.type === 'before') set({ before: event.result });
    else if (event.type === 'step')
      set({ metrics: event.metrics, totals: [...get().totals, event.metrics.total] });
    else if (event.type === 'progress') set({ progress: event });
    else report(event.message, true);
  }

  return {
    store: stage,
    /** Begins anew. */
    prepare: () => set(fresh(first(store.getState())), true),
    change: (change: Partial<Settings>) => set({ settings: { ...get().settings, ...change } }),
    /** Carries it out, until it is done or cancelled. A run under way pauses. */
    async start(): Promise<void> {
      const { settings } = get();
      if (wantsPlay(store.getState())) await togglePlay();
      set({ ...fresh(settings), phase: 'running' }, true);
      try {
        const { file, after } = await carryOut(store.getState(), settings, hear);
        const path = nameOf(store.getState());
        set({ phase: 'done', progress: undefined, after, file: { path, file: new File([file], path) } });
      } catch (error) {
        set({ phase: 'ready', progress: undefined, problem: reasonOf(error) });
      }
    },
    cancel: () => void engine.cancelStage(),
    /** Takes what came of it, and distils with it. */
    async use(): Promise<void> {
      const { file } = get();
      if (!file) return;
      set({ phase: 'taking', problem: undefined });
      try {
        await take(file);
        closeStage();
        if (!wantsPlay(store.getState())) await togglePlay();
      } catch (error) {
        set({ phase: 'done', problem: reasonOf(error) });
      }
    },
  };
}

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
