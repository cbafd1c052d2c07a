import { type RefObject, useState } from 'react';
import { howRounded } from '../../export/precision';
import { percentage, plural } from '../../page/format';
import { exportSearchPage } from '../../page/share/exportStudent';
import { report } from '../../page/store';
import type { PrecisionResult } from '../../worker/api';
import { PopoverBox } from '../parts/PopoverBox';
import styles from './ExportPanel.module.css';
import share from './SharePanel.module.css';

interface Props {
  /** Undefined while the student is being packed. */
  precisions: PrecisionResult[] | undefined;
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** What the exported student is worth in each precision, and how it is used. */
export default function ExportPanel({ precisions, anchor, onClose }: Props) {
  return (
    <PopoverBox label="Export the student" anchor={anchor} onClose={onClose}>
      <div className={share.share}>
        <section>
          <b role="status">{precisions ? 'student.zip is in your downloads' : 'Packing student.zip …'}</b>
          {precisions ? (
            <Precisions results={precisions} />
          ) : (
            <p className="muted">Its answers to the held-out images are counted in each precision.</p>
          )}
        </section>
        <section>
          <b>Used within a minute</b>
          <dl className={styles.uses}>
            <dt>index.html</dt>
            <dd>a page that answers pictures and the camera, opened from disk or any host, offline</dd>
            <dt>onnx/</dt>
            <dd>for Transformers.js and onnxruntime, in each precision</dd>
            <dt>student/</dt>
            <dd>a checkpoint for transformers</dd>
            <dt>README.md</dt>
            <dd>says how to run each, in JavaScript and Python</dd>
          </dl>
        </section>
        <SearchPage />
      </div>
    </PopoverBox>
  );
}

/** Exports a page that finds the data's pictures by text. */
function SearchPage() {
  const [said, setSaid] = useState('');
  const [isBusy, setBusy] = useState(false);
  const save = async () => {
    setBusy(true);
    setSaid('The student looks at all pictures …');
    try {
      await exportSearchPage();
      setSaid('search.zip is in your downloads');
    } catch (error) {
      setSaid('');
      report(error);
    }
    setBusy(false);
  };
  return (
    <section aria-label="A search page">
      <b>Find pictures by text</b>
      <p className="muted">
        One folder with all pictures of the data, small, what the student makes of them, and the teacher’s
        text tower: its page opens from disk or any host, works offline, and sends nothing.
      </p>
      <div className={styles.foot}>
        <button type="button" className="button" disabled={isBusy} onClick={() => void save()}>
          Export a search page
        </button>
        <span role="status" className="muted">
          {said}
        </span>
      </div>
    </section>
  );
}

function Precisions({ results }: { results: PrecisionResult[] }) {
  const { images, heldOut } = results[0];
  return (
    <>
      <table className={styles.precisions}>
        <thead>
          <tr>
            <th scope="col">weights</th>
            <th scope="col">size</th>
            <th scope="col">right</th>
            <th scope="col">as the teacher</th>
          </tr>
        </thead>
        <tbody>
          {results.map(({ precision, bytes, top1, agreement }) => (
            <tr key={precision}>
              <th scope="row">{precision}</th>
              <td>{(bytes / 1e6).toFixed(1)} MB</td>
              <td>{percentage(top1)}</td>
              <td>{percentage(agreement)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <p className="muted">
        On {plural(images, 'image')} that {heldOut ? 'it was not trained on' : 'it was also trained on'}.{' '}
        {howRounded}
      </p>
    </>
  );
}
