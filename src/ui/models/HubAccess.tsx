import { useState } from 'react';
import { setHubAccess } from '../../page/models/actions';
import { useStore } from '../parts/stores';
import styles from './modelDialog.module.css';

/** A token for private and gated models, and a mirror. Both last as long as the page. */
export function HubAccess() {
  const { endpoint, hasToken } = useStore((state) => state.hubAccess);
  const [token, setToken] = useState('');
  const [mirror, setMirror] = useState(endpoint ?? '');
  const isSet = hasToken || endpoint !== undefined;
  return (
    <details
      className={styles.hubAccess}
      onToggle={({ currentTarget }) =>
        currentTarget.open && currentTarget.scrollIntoView({ block: 'nearest' })
      }
    >
      <summary>
        Private models or a mirror
        {isSet && (
          <span className="muted"> {[hasToken && 'token set', endpoint].filter(Boolean).join(', ')}</span>
        )}
      </summary>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          setToken('');
          void setHubAccess({ endpoint: mirror.trim(), token: token.trim() || undefined });
        }}
      >
        <label>
          Access token
          <input
            type="password"
            className="field"
            autoComplete="off"
            placeholder={hasToken ? 'set; another one replaces it' : 'hf_…'}
            value={token}
            onChange={({ target }) => setToken(target.value)}
          />
        </label>
        <label>
          Mirror of the hub
          <input
            type="url"
            className="field"
            placeholder="https://huggingface.co"
            value={mirror}
            onChange={({ target }) => setMirror(target.value)}
          />
        </label>
        <button type="submit" className="button">
          Use
        </button>
        {isSet && (
          <button
            type="button"
            className="button"
            onClick={() => {
              setMirror('');
              setToken('');
              void setHubAccess({ endpoint: '', token: '' });
            }}
          >
            Forget
          </button>
        )}
        <p className="muted">
          The token goes to the hub, or to the mirror if there is one, and nowhere else. Both are forgotten
          with this page, and no link holds them.
        </p>
      </form>
    </details>
  );
}
