import { describeAmong } from '../describeRun';
import { engine } from '../engine';
import { copyOf } from '../history';
import { rename } from '../runs/kept';
import { report, runSoFar, saveRun, store, tryLoad } from '../store';

/**
 * Trains on from a moment of the run by the settings as edited, as a run of its own; the run so far is kept. Where its
 * student can't go on by these, the reason is told, and all is as it was.
 */
export async function fork(moment: number): Promise<void> {
  const { run, loadedRun } = store.getState();
  const soFar = runSoFar();
  try {
    const [then, now] = await Promise.all([engine.trainedStudent(moment), engine.trainedStudent()]);
    if (!soFar || !then || !now) return;
    const kept = { ...soFar, curves: copyOf(soFar.curves) };
    const id = crypto.randomUUID();
    const branch = { student: { ...then, run: id }, run: { ...kept, id, startedAt: Date.now() } };
    try {
      await tryLoad({ trained: branch, plays: true });
      if (saveRun()) rename(id, `${describeAmong(run, [run, loadedRun])} from step ${moment}`);
    } catch (error) {
      report(error);
      store.setState({ run: loadedRun });
      await tryLoad({ trained: { student: now, run: kept }, plays: false });
      store.setState({ run });
    }
  } catch (error) {
    report(error);
  }
}
