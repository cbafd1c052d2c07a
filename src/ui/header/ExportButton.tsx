import { useState } from 'react';
import { download } from '../../page/download';
import { engine } from '../../page/engine';
import { markStudentSaved } from '../../page/share/saved';
import { report, store } from '../../page/store';
import { useStore } from '../parts/stores';
import { Tooltip } from '../parts/Tooltip';

/** Downloads the student as a zip: a checkpoint folder, its heads and the run file. */
export function ExportButton() {
  const [isBusy, setBusy] = useState(false);
  const hasStudent = useStore((state) => state.student !== undefined);
  const save = async () => {
    setBusy(true);
    try {
      // An engine that has ended waits to be asked.
      await store.getState().ended?.goOn(false);
      const { runId, metrics } = store.getState();
      download(await engine.exportStudent(), 'student.zip');
      markStudentSaved(runId, metrics?.step ?? 0);
    } catch (error) {
      report(error);
    }
    setBusy(false);
  };
  return (
    <Tooltip text="Download the student: a checkpoint folder in the Hugging Face layout">
      <button type="button" className="button" disabled={isBusy || !hasStudent} onClick={() => void save()}>
        Export student
      </button>
    </Tooltip>
  );
}
