import { lazy, Suspense, useRef, useState } from 'react';
import { addFiles } from '../../page/data/actions';
import { fromList } from '../../page/data/readDrop';
import { takeFiles } from '../../page/share/opening';
import { FolderInput } from '../parts/FolderInput';
import styles from './data.module.css';

const HubDialog = lazy(() => import('./HubDialog').then((module) => ({ default: module.HubDialog })));

export function DropTarget() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [asksHub, setAsksHub] = useState(false);
  return (
    <>
      <div className={styles.dropTarget}>
        <button
          type="button"
          className="drop"
          aria-describedby="drop-kinds"
          onClick={() => files.current?.click()}
        >
          <b>Drop images and captions</b>
        </button>
        <p id="drop-kinds" className={styles.kinds}>
          folder, archive, table, Parquet
        </p>
        <p>
          or{' '}
          <button type="button" className={styles.link} onClick={() => files.current?.click()}>
            files
          </button>
          ,{' '}
          <button type="button" className={styles.link} onClick={() => folder.current?.click()}>
            a folder
          </button>
          ,{' '}
          <button type="button" className={styles.link} onClick={() => setAsksHub(true)}>
            a hub data set
          </button>
        </p>
        <input
          ref={files}
          type="file"
          multiple
          hidden
          aria-label="Images and captions"
          onChange={(event) => {
            const chosen = fromList(event.target.files);
            event.target.value = '';
            takeFiles(chosen);
          }}
        />
        <FolderInput
          inputRef={folder}
          label="A folder of images and captions"
          onFiles={(all) => void addFiles(all)}
        />
      </div>
      <Suspense>{asksHub && <HubDialog onClose={() => setAsksHub(false)} />}</Suspense>
    </>
  );
}
