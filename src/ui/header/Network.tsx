import { bytes, count } from '../../page/format';
import { type Fetched, fetched } from '../../worker/fetched';
import styles from './Network.module.css';

/** Whom the page and its workers have asked for files until now. */
export function Network() {
  return (
    <section aria-label="Network">
      <h3>Network</h3>
      <p>
        Your pictures, texts, settings and students stay on this machine. Since it was opened, the page has
        fetched files, and sent nothing but which ones, and to the hub the access token where you set one:
      </p>
      <table className={styles.network}>
        <thead>
          <tr>
            <th>From</th>
            <th>Requests</th>
            <th>Size</th>
          </tr>
        </thead>
        <tbody>
          {fetched().map((one) => (
            <tr key={`${one.host} ${one.via}`}>
              <td>
                {one.host} <span className="muted">{what(one)}</span>
              </td>
              <td>{count(one.requests)}</td>
              <td>{bytes(one.bytes)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

/** What a host is to this page. */
function what({ host, via }: Fetched): string {
  if (via) return `where ${via} led`;
  if (host === location.host) return 'this page’s own folder';
  return host === 'huggingface.co' ? 'the hub' : 'an address that you gave';
}
