import clsx from 'clsx';
import { X } from 'lucide-react';
import { Dialog as Primitive } from 'radix-ui';
import { type ReactNode, useState } from 'react';
import styles from './Dialog.module.css';

interface Props {
  title: string;
  /** Large enough to work in, of one size whatever it shows. */
  isLarge?: boolean;
  onClose: () => void;
  children: ReactNode;
}

/** A modal dialog that is open as long as it is rendered. The focus goes back to what had it before. */
export function Dialog({ title, isLarge = false, onClose, children }: Props) {
  const [opener] = useState(() => document.activeElement);
  const returnFocus = (event: Event) => {
    event.preventDefault();
    if (opener instanceof HTMLElement) opener.focus();
  };
  return (
    <Primitive.Root open onOpenChange={onClose}>
      <Primitive.Portal>
        <Primitive.Overlay className={styles.overlay} />
        <Primitive.Content
          className={clsx(styles.dialog, isLarge && styles.isLarge)}
          aria-modal
          aria-describedby={undefined}
          onCloseAutoFocus={returnFocus}
          // A press beside it would lose what was typed.
          onInteractOutside={(event) => event.preventDefault()}
        >
          <div className={styles.head}>
            <Primitive.Title dir="auto">{title}</Primitive.Title>
            <Primitive.Close className="button is-icon" aria-label="Close">
              <X />
            </Primitive.Close>
          </div>
          {children}
        </Primitive.Content>
      </Primitive.Portal>
    </Primitive.Root>
  );
}

/** As a field's ref: the dialog opens with the focus in it. */
export function focusFirst(field: HTMLElement | null): void {
  field?.focus();
}
