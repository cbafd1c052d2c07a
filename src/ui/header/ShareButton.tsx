import { lazy, Suspense, useRef, useState } from 'react';
import { copy } from '../../page/share/copy';
import { setAddress } from '../../page/share/opening';
import { linkedPresent } from '../../page/share/work';
import styles from './ShareButton.module.css';

/** With what packs files, it comes when it is first wanted. */
const SharePanel = lazy(() => import('../share/SharePanel'));

/** Puts the page as it is into the address and the address into the clipboard, and shows what else can be shared. */
export function ShareButton() {
  const [link, setLink] = useState<string>();
  const [said, setSaid] = useState('');
  const button = useRef<HTMLButtonElement>(null);
  const close = () => setLink(undefined);
  const share = async () => {
    const { linkTo } = await import('../../page/share/link');
    const made = linkTo(linkedPresent());
    setAddress(made);
    setLink(made);
    // Without leave to write to the clipboard the link still stands in the address bar.
    setSaid((await copy(made)) ? 'Link copied' : 'Link is in the address bar');
    setTimeout(() => setSaid(''), 2500);
  };
  return (
    <>
      <span className={styles.said} role="status">
        {said}
      </span>
      <button
        ref={button}
        type="button"
        className="button"
        aria-haspopup="dialog"
        aria-expanded={link !== undefined}
        title="Copy a link to the page as it is, or save more than fits in one"
        onClick={() => (link === undefined ? void share() : close())}
      >
        Share
      </button>
      <Suspense>{link && <SharePanel link={link} anchor={button} onClose={close} />}</Suspense>
    </>
  );
}
