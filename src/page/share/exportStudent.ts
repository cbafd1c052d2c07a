import type { PrecisionResult } from '../../worker/api';
import { download } from '../download';
import { engine } from '../engine';
import { store } from '../store';
import { markStudentSaved } from './saved';

/** Has the browser save the student as a zip; answers what it is worth with its weights as each precision's files hold them. */
export async function exportStudent(): Promise<PrecisionResult[]> {
  // An engine that has ended waits to be asked.
  await store.getState().ended?.goOn(false);
  const { runId, metrics } = store.getState();
  const { file, precisions } = await engine.exportStudent();
  download(file, 'student.zip');
  markStudentSaved(runId, metrics?.step ?? 0);
  return precisions;
}

/** Has the browser save a page, as a zip, that finds the data's pictures by text. */
export async function exportSearchPage(): Promise<void> {
  await store.getState().ended?.goOn(false);
  download(await engine.exportSearchPage(), 'search.zip');
}
