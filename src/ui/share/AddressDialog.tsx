import { useState } from 'react';
import { bytes } from '../../page/format';
import { declineAddress, openAddress } from '../../page/share/address';
import { Dialog } from '../parts/Dialog';

/** Asks before a file is fetched that the page's own address names; while it comes, it can be stopped. */
export function AddressDialog({ url }: { url: URL }) {
  const [fetching, setFetching] = useState<AbortController>();
  const [got, setGot] = useState(0);
  const fetchIt = () => {
    const controller = new AbortController();
    setFetching(controller);
    void openAddress(url, { signal: controller.signal, onBytes: setGot });
  };
  const stop = () => {
    fetching?.abort();
    declineAddress();
  };
  return (
    <Dialog title="Open a file from the web?" onClose={stop}>
      <div className="dialog-body">
        <p>The link to this page asks it to fetch work from</p>
        <p style={{ overflowWrap: 'anywhere' }}>
          <strong>{url.href}</strong>
        </p>
        <p aria-live="polite">
          {fetching ? `${bytes(got)} so far…` : `${url.host} will see that you have opened it.`}
        </p>
      </div>
      <div className="dialog-foot">
        <span className="spring" />
        <button type="button" className="button" onClick={stop}>
          Cancel
        </button>
        <button
          type="button"
          className="button is-primary"
          disabled={fetching !== undefined}
          onClick={fetchIt}
        >
          Fetch it
        </button>
      </div>
    </Dialog>
  );
}
