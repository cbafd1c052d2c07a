import { Popover } from 'radix-ui';
import { lazy, Suspense, useState } from 'react';
import { copy } from '../../page/share/copy';
import { setAddress } from '../../page/share/opening';
import { linkedPresent } from '../../page/share/work';
import { PopoverBox } from '../parts/PopoverBox';
import styles from './ShareButton.module.css';

/** With what packs files, it comes when it is first wanted. */
const SharePanel = lazy(() => import('../share/SharePanel'));

/** Puts the page as it is into the address and the address into the clipboard, and shows what else can be shared. */
export function ShareButton() {
  const [link, setLink] = useState<string>();
  const [said, setSaid] = useState('');
  const share = async () => {
    const { linkTo } = await import('../../page/share/link');
    const made = linkTo(linkedPresent());
    setAddress(made);
    setLink(made);
    // Without leave to write to the clipboard the link still stands in the address bar.
    setSaid((await copy(made)) ? 'Link copied' : 'Link is in the address bar');
    setTimeout(() => setSaid(''), 2500);
  };
  const close = () => setLink(undefined);
  return (
    <Popover.Root open={link !== undefined} onOpenChange={(isOpen) => (isOpen ? void share() : close())}>
      <span className={styles.said} role="status">
        {said}
      </span>
      <Popover.Trigger
        className="button"
        title="Copy a link to the page as it is, or save more than fits in one"
      >
        Share
      </Popover.Trigger>
      <PopoverBox label="Share the page as it is">
        <div className={styles.panel}>
          <Suspense fallback={<p className="muted">Opening…</p>}>
            {link && <SharePanel link={link} onClose={close} />}
          </Suspense>
        </div>
      </PopoverBox>
    </Popover.Root>
  );
}
