import { lazy, Suspense, useRef, useState } from 'react';
import { addFiles } from '../../page/data/actions';
import { takeFiles } from '../../page/share/opening';
import { FilesInput } from '../parts/FilesInput';
import styles from './data.module.css';

const CameraDialog = lazy(() =>
  import('./camera/CameraDialog').then((module) => ({ default: module.CameraDialog })),
);
const HubDialog = lazy(() => import('./HubDialog').then((module) => ({ default: module.HubDialog })));

export function DropTarget() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [asks, setAsks] = useState<'camera' | 'hub'>();
  const close = () => setAsks(undefined);
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
          <button type="button" className={styles.link} onClick={() => setAsks('hub')}>
            the hub
          </button>
          ,{' '}
          <button type="button" className={styles.link} onClick={() => setAsks('camera')}>
            camera
          </button>
        </p>
        <FilesInput inputRef={files} label="Images and captions" onFiles={takeFiles} />
        <FilesInput
          isFolder
          inputRef={folder}
          label="A folder of images and captions"
          onFiles={(all) => void addFiles(all)}
        />
      </div>
      <Suspense>
        {asks === 'camera' && <CameraDialog onClose={close} />}
        {asks === 'hub' && <HubDialog onClose={close} />}
      </Suspense>
    </>
  );
}
