import { useState } from 'react';
import { shareLink } from '../share';
import { useStore } from '../store';

/** Puts the settings into the address and the address into the clipboard. */
export function ShareButton() {
  const [said, setSaid] = useState('');
  const share = async () => {
    const { run, concepts, defaultConcepts } = useStore.getState();
    const link = shareLink(run, concepts, defaultConcepts);
    window.history.replaceState(null, '', link);
    // Without leave to write to the clipboard the link still stands in the address bar.
    const isCopied = await navigator.clipboard.writeText(link).then(
      () => true,
      () => false,
    );
    setSaid(isCopied ? 'Link copied' : 'Link is in the address bar');
    setTimeout(() => setSaid(''), 2500);
  };
  return (
    <>
      <span className="said" role="status">
        {said}
      </span>
      <button
        type="button"
        className="button"
        title="Copy a link with these settings"
        onClick={() => void share()}
      >
        Share
      </button>
    </>
  );
}
