import { useRef, useState } from 'react';
import { FolderInput } from '../parts/FolderInput';
import { useStore } from '../store';
import { addFiles } from './actions';
import { HubDialog } from './HubDialog';
import { fromList } from './readDrop';

export function DropTarget() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [asksHub, setAsksHub] = useState(false);
  const isDemo = useStore((state) => state.isDemo);
  return (
    <>
      <div className="drop-target">
        <button
          type="button"
          className="drop"
          aria-label="Drop images and captions"
          aria-describedby="drop-kinds"
          onClick={() => files.current?.click()}
        >
          <b>{isDemo ? 'Drop images and captions' : 'Drop more to add it'}</b>
          <span id="drop-kinds">folder, archive, table, Parquet</span>
        </button>
        <p>
          or{' '}
          <button type="button" className="link" onClick={() => files.current?.click()}>
            files
          </button>
          ,{' '}
          <button type="button" className="link" onClick={() => folder.current?.click()}>
            a folder
          </button>
          ,{' '}
          <button type="button" className="link" onClick={() => setAsksHub(true)}>
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
            if (chosen.length > 0) void addFiles(chosen);
          }}
        />
        <FolderInput
          inputRef={folder}
          label="A folder of images and captions"
          onFiles={(all) => void addFiles(all)}
        />
      </div>
      {asksHub && <HubDialog onClose={() => setAsksHub(false)} />}
    </>
  );
}
