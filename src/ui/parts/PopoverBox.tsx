import { Popover } from 'radix-ui';
import { type ReactNode, type RefObject, useState } from 'react';
import styles from './PopoverBox.module.css';

interface Props {
  label: string;
  /** Holds the button that opens and closes it. */
  anchor: RefObject<HTMLElement | null>;
  onClose: () => void;
  children: ReactNode;
}

/** A box below the button that opens it, open as long as it is rendered, so that it can be loaded when first wanted. */
export function PopoverBox({ label, anchor, onClose, children }: Props) {
  const [opener] = useState(() => document.activeElement);
  const isInAnchor = ({ target }: Event) => target instanceof Node && anchor.current?.contains(target);
  return (
    <Popover.Root open onOpenChange={onClose}>
      <Popover.Anchor virtualRef={anchor} />
      <Popover.Portal>
        <Popover.Content
          className={styles.box}
          align="end"
          sideOffset={8}
          collisionPadding={16}
          aria-label={label}
          // The button's own click closes it.
          onInteractOutside={(event) => isInAnchor(event) && event.preventDefault()}
          onCloseAutoFocus={(event) => {
            event.preventDefault();
            if (document.activeElement === document.body && opener instanceof HTMLElement) opener.focus();
          }}
        >
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
