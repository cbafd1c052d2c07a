import { createStore } from 'zustand/vanilla';

/** A stage before the run: the teacher is made from the data, or adapted to it. */
export type StageName = 'make' | 'adapt';

/** What stands in the figure's place; nothing for the run itself. */
export const stageStore = createStore<{ stage?: StageName }>(() => ({}));

export const openStage = (stage: StageName): void => stageStore.setState({ stage });

export const closeStage = (): void => stageStore.setState({ stage: undefined });
