import { type RefObject, useCallback } from 'react';
import { fromList } from '../../page/data/readDrop';
import type { DroppedFile } from '../../worker/api';

interface Props {
  inputRef: RefObject<HTMLInputElement | null>;
  label: string;
  /** Whether it picks a whole folder. */
  isFolder?: boolean;
  onFiles: (files: DroppedFile[]) => void;
}

/** A hidden input that picks files, or a folder. */
export function FilesInput({ inputRef, label, isFolder = false, onFiles }: Props) {
  const attach = useCallback(
    (input: HTMLInputElement | null) => {
      if (input) input.webkitdirectory = isFolder;
      inputRef.current = input;
    },
    [inputRef, isFolder],
  );
  return (
    <input
      ref={attach}
      type="file"
      multiple
      hidden
      aria-label={label}
      onChange={(event) => {
        const files = fromList(event.target.files);
        // Empty again, so that the same choice counts as a change the next time.
        event.target.value = '';
        if (files.length > 0) onFiles(files);
      }}
    />
  );
}
