import { lazy, Suspense, useRef, useState } from 'react';
import { report } from '../../page/store';
import type { PrecisionResult } from '../../worker/api';
import { useStore } from '../parts/stores';

const ExportPanel = lazy(() => import('../share/ExportPanel'));

/** Downloads the student as a zip, and shows what it is worth in each precision. */
export function ExportButton() {
  const [isOpen, setOpen] = useState(false);
  /** Undefined while the zip is being made. */
  const [precisions, setPrecisions] = useState<PrecisionResult[]>();
  const [isBusy, setBusy] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const hasStudent = useStore((state) => state.student !== undefined);
  const close = () => setOpen(false);
  const save = async () => {
    setOpen(true);
    setBusy(true);
    setPrecisions(undefined);
    try {
      const { exportStudent } = await import('../../page/share/exportStudent');
      setPrecisions(await exportStudent());
    } catch (error) {
      close();
      report(error);
    }
    setBusy(false);
  };
  return (
    <>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={isOpen}
        title="Download the student: a page, ONNX files and a checkpoint folder"
        disabled={isBusy || !hasStudent}
        onClick={() => void save()}
      >
        Export student
      </button>
      <Suspense>{isOpen && <ExportPanel precisions={precisions} anchor={button} onClose={close} />}</Suspense>
    </>
  );
}
