import { useEffect, useState } from 'react';
import { addDrop, addHub } from '../../page/data/actions';
import { hubDataset } from '../../page/data/hubDataset';
import { fromList } from '../../page/data/readDrop';
import { isOwn, offerFile, takeFiles } from '../../page/share/opening';
import styles from './data.module.css';

/** Takes files dropped anywhere on the page, pasted ones, and the id of a data set of the hub when it is pasted. */
export function DropWindow() {
  const [isOver, setOver] = useState(false);
  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
    const over = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      // What takes the drop itself has said so already.
      setOver(!event.defaultPrevented);
      event.preventDefault();
    };
    const leave = (event: DragEvent) => event.relatedTarget === null && setOver(false);
    const drop = (event: DragEvent) => {
      setOver(false);
      if (!event.dataTransfer || event.defaultPrevented || !hasFiles(event)) return;
      event.preventDefault();
      const own = [...event.dataTransfer.files].find(({ name }) => isOwn(name));
      void (own ? offerFile(own) : addDrop(event.dataTransfer));
    };
    const paste = (event: ClipboardEvent) => {
      if (event.defaultPrevented) return;
      const files = fromList(event.clipboardData?.files ?? null);
      const hub = isTyping(event.target) ? undefined : hubDataset(event.clipboardData?.getData('text') ?? '');
      if (files.length > 0) takeFiles(files);
      else if (hub) void addHub(hub);
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
    <div className={styles.dropWindow} aria-hidden="true">
      <b>Drop images and captions</b>
    </div>
  ) : null;
}

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('input, textarea') !== null;
