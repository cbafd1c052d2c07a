import { type ReactNode, useEffect, useRef } from 'react';
import './dialog.css';

interface Props {
  title: string;
  /** Large enough to work in, of one size whatever it shows. */
  isLarge?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog that is open as long as it is rendered. */
export function Dialog({ title, isLarge = false, onClose, children }: Props) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    ref.current?.showModal();
  }, []);
  return (
    <dialog ref={ref} className={isLarge ? 'dialog is-large' : 'dialog'} aria-label={title} onClose={onClose}>
      <div className="dialog-head">
        <h2 dir="auto">{title}</h2>
        <button
          type="button"
          className="button is-icon"
          aria-label="Close"
          onClick={() => ref.current?.close()}
        >
          ✕
        </button>
      </div>
      {children}
    </dialog>
  );
}

/** As a field's ref: the dialog opens with the focus in it. */
export function focusFirst(field: HTMLInputElement | HTMLTextAreaElement | null): void {
  if (field) field.autofocus = true;
}
