import { markStudentSaved } from '../share/saved';
import { store, tryLoad } from '../store';
import type { KeptRun } from './stored';

/**
 * Puts the kept student of a run in place of the run of the moment, as its last step left it: to look at, to ask, to
 * export. With `more` steps it trains on, in a longer run of its own whose schedule goes on from there. Rejects where its
 * models or data can't be loaded.
 */
export async function openStudent(kept: KeptRun, more = 0): Promise<void> {
  const { trained } = kept;
  if (!trained) return;
  const { train } = kept.run;
  const run = more > 0 ? { ...kept.run, train: { ...train, steps: trained.step + more } } : kept.run;
  const own = store.getState().run;
  store.setState({ run });
  try {
    const id = more > 0 ? crypto.randomUUID() : kept.id;
    await tryLoad({ trained: { student: trained, run: { ...kept, id, run } }, plays: more > 0 });
    markStudentSaved(id, trained.step);
  } catch (error) {
    store.setState({ run: own });
    throw error;
  }
}
