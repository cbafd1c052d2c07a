import { z } from 'zod';
import { createStore } from 'zustand/vanilla';

const KEY = 'clip-distillery.lessons';

const schema = z.object({
  /** The language that was chosen; else the browser's. */
  language: z.string().optional(),
  /** By lesson: the step that it stands at, and whether its end was ever reached. */
  lessons: z.record(z.string(), z.object({ at: z.int().nonnegative(), isDone: z.boolean() })),
});

export type Progress = z.infer<typeof schema>;

/** How far each lesson has come. Kept for the next visit, where the browser allows it. */
export const progressStore = createStore<Progress>(read);

progressStore.subscribe((progress) => {
  try {
    localStorage.setItem(KEY, JSON.stringify(progress));
  } catch {
    // Without room or leave to store it, it holds for this visit.
  }
});

function read(): Progress {
  try {
    return schema.parse(JSON.parse(localStorage.getItem(KEY) ?? ''));
  } catch {
    return { lessons: {} };
  }
}

export const setStep = (id: string, at: number, isDone: boolean): void =>
  progressStore.setState(({ lessons }) => ({
    lessons: { ...lessons, [id]: { at, isDone: isDone || (lessons[id]?.isDone ?? false) } },
  }));
