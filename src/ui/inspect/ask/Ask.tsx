import { clsx } from 'clsx';
import { type ReactNode, useEffect, useState } from 'react';
import { askAboutFile, askedStore, isImage, type Mode } from '../../../page/inspect/asked';
import { Segments } from '../../parts/Segments';
import { useAsked } from '../../parts/stores';
import styles from './Ask.module.css';
import { AskImage } from './AskImage';
import { AskText } from './AskText';

const modes: readonly (readonly [Mode, string])[] = [
  ['image', 'Image to texts'],
  ['text', 'Text to images'],
];

/** The user's own questions to both models. An image can be dropped anywhere on it, or pasted. */
export function Ask({ head }: { head: ReactNode }) {
  const mode = useAsked((state) => state.mode);
  const [isOver, setOver] = useState(false);
  usePastedImage();
  return (
    <>
      <div className="panel-head">
        {head}
        <Segments
          label="Question"
          value={mode}
          options={modes}
          onChange={(chosen) => askedStore.setState({ mode: chosen })}
        />
      </div>
      <section
        className={clsx(styles.ask, isOver && styles.isOver)}
        aria-label="Ask both models"
        onDragOver={(event) => {
          if (!event.dataTransfer.types.includes('Files')) return;
          // Tells the page that the drop is not for the data.
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={(event) => !event.currentTarget.contains(asNode(event.relatedTarget)) && setOver(false)}
        onDrop={(event) => {
          setOver(false);
          // Folders, tables and archives are for the data.
          if (![...event.dataTransfer.files].some(isImage)) return;
          event.preventDefault();
          askAboutFile(event.dataTransfer.files);
        }}
      >
        {mode === 'image' ? <AskImage /> : <AskText />}
      </section>
    </>
  );
}

const asNode = (target: EventTarget | null): Node | null => (target instanceof Node ? target : null);

/** Asks about a single pasted image; whatever else is pasted is for the data. */
function usePastedImage(): void {
  useEffect(() => {
    const paste = (event: ClipboardEvent) => {
      const files = [...(event.clipboardData?.files ?? [])];
      if (files.length !== 1 || !isImage(files[0])) return;
      event.preventDefault();
      askAboutFile(files);
    };
    document.addEventListener('paste', paste);
    return () => document.removeEventListener('paste', paste);
  }, []);
}
