import { useRef } from 'react';
import { FolderInput } from '../parts/FolderInput';
import { openData } from '../store';
import { fromList } from './readDrop';

export function DropTarget() {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  return (
    <div className="drop-target">
      <button
        type="button"
        className="drop"
        aria-label="Drop images and captions"
        aria-describedby="drop-kinds"
        onClick={() => files.current?.click()}
      >
        <b>Drop images and captions</b>
        <span id="drop-kinds">folder, zip, tar or table</span>
      </button>
      <p>
        or choose{' '}
        <button type="button" className="link" onClick={() => files.current?.click()}>
          files
        </button>{' '}
        or{' '}
        <button type="button" className="link" onClick={() => folder.current?.click()}>
          a folder
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
          if (chosen.length > 0) void openData(chosen);
        }}
      />
      <FolderInput
        inputRef={folder}
        label="A folder of images and captions"
        onFiles={(all) => void openData(all)}
      />
    </div>
  );
}
