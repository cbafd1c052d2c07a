import { useEffect, useState } from 'react';
import { openData, report } from '../store';
import { fromList, readDrop } from './readDrop';

/** Takes files dropped anywhere on the page, and pasted ones. */
export function DropWindow() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      if (!event.dataTransfer || event.defaultPrevented) return setOver(false);
      event.preventDefault();
      setOver(false);
      void readDrop(event.dataTransfer).then(openData, report);
    };
    const paste = (event: ClipboardEvent) => {
      const files = fromList(event.clipboardData?.files ?? null);
      if (files.length > 0) void openData(files);
    };
    addEventListener('dragover', over);
    addEventListener('dragleave', leave);
    addEventListener('drop', drop);
    addEventListener('paste', paste);
    return () => {
      removeEventListener('dragover', over);
      removeEventListener('dragleave', leave);
      removeEventListener('drop', drop);
      removeEventListener('paste', paste);
    };
  }, []);
  return isOver ? (
    <div className="drop-window" aria-hidden="true">
      <b>Drop images and captions</b>
    </div>
  ) : null;
}
