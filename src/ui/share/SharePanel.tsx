import { Copy, FolderOpen } from 'lucide-react';
import { type RefObject, useId, useRef, useState } from 'react';
import { copy } from '../../page/share/copy';
import { embedCode } from '../../page/share/embedCode';
import { offerFile } from '../../page/share/opening';
import { listed, notInLink } from '../../page/share/saved';
import { EXTENSION } from '../../run/distillery';
import { PopoverBox } from '../parts/PopoverBox';
import { SaveFile } from './SaveFile';
import styles from './SharePanel.module.css';

interface Props {
  link: string;
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
}

/** The link, the code to embed it, and a file for what fits in neither. */
export default function SharePanel({ link, anchor, onClose }: Props) {
  const [left] = useState(notInLink);
  return (
    <PopoverBox label="Share the page as it is" anchor={anchor} onClose={onClose}>
      <div className={styles.share}>
        <Copied label="Link" text={link}>
          {left.length > 0
            ? `It brings settings, data of the demo and of the hub, and what is open. Not in it: ${listed(left)}.`
            : 'It brings all of this: settings, data, models, and what is open.'}
        </Copied>
        <Copied label="Code for lecture notes" text={embedCode(link)}>
          The figure with play, losses and accuracy, in a frame of 720 × 480 or more.
        </Copied>
        <SaveFile />
        <OpenButton onClose={onClose} />
      </div>
    </PopoverBox>
  );
}

function Copied({ label, text, children }: { label: string; text: string; children: string }) {
  const id = useId();
  const [isCopied, setCopied] = useState(false);
  return (
    <section>
      <label htmlFor={id}>{label}</label>
      <div className={styles.copied}>
        <input id={id} className="field" readOnly value={text} onFocus={(event) => event.target.select()} />
        <button
          type="button"
          className="button"
          aria-label={`Copy ${label.toLowerCase()}`}
          onClick={() => void copy(text).then(setCopied)}
          onBlur={() => setCopied(false)}
        >
          <Copy />
          <span role="status">{isCopied ? 'Copied' : 'Copy'}</span>
        </button>
      </div>
      <p className="muted">{children}</p>
    </section>
  );
}

function OpenButton({ onClose }: Pick<Props, 'onClose'>) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <section className={styles.open}>
      <p className="muted">Such a file opens when it is dropped on the page.</p>
      <button type="button" className="button" onClick={() => input.current?.click()}>
        <FolderOpen />
        Open…
      </button>
      <input
        ref={input}
        type="file"
        accept={EXTENSION}
        hidden
        aria-label={`A ${EXTENSION} file`}
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (!file) return;
          onClose();
          void offerFile(file);
        }}
      />
    </section>
  );
}
