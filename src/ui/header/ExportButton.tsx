import { useState } from 'react';
import { download } from '../download';
import { engine, report, useStore } from '../store';

/** Downloads the student as a zip: a checkpoint folder, its heads and the run file. */
export function ExportButton() {
  const [isBusy, setBusy] = useState(false);
  const hasStudent = useStore((state) => state.student !== undefined);
  const save = async () => {
    setBusy(true);
    try {
      download(await engine.exportStudent(), 'student.zip');
    } catch (error) {
      report(error);
    }
    setBusy(false);
  };
  return (
    <button
      type="button"
      className="button"
      disabled={isBusy || !hasStudent}
      title="Download the student: a checkpoint folder in the Hugging Face layout"
      onClick={() => void save()}
    >
      Export student
    </button>
  );
}
