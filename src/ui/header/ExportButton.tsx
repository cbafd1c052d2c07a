import { useState } from 'react';
import { download } from '../download';
import { Tooltip } from '../parts/Tooltip';
import { markStudentSaved } from '../share/saved';
import { engine, report, useStore } from '../store';

/** Downloads the student as a zip: a checkpoint folder, its heads and the run file. */
export function ExportButton() {
  const [isBusy, setBusy] = useState(false);
  const hasStudent = useStore((state) => state.student !== undefined);
  const save = async () => {
    setBusy(true);
    const { runId, metrics } = useStore.getState();
    try {
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
