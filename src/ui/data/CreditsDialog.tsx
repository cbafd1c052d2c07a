import { count } from '../../page/format';
import { Dialog } from '../parts/Dialog';
import { useStore } from '../parts/stores';
import styles from './data.module.css';

/** Whose pictures these are. */
export function CreditsDialog({ onClose }: { onClose: () => void }) {
  const credits = useStore((state) => state.data?.credits ?? []);
  return (
    <Dialog title="Credits" onClose={onClose}>
      <div className="dialog-body">
        <p className="muted">
          Every concept is drawn by several artists. Styles marked as unseen are kept out of all training and
          are what both models are tested on.
        </p>
        <table className={styles.credits}>
          <thead>
            <tr>
              <th>Set</th>
              <th>Artist</th>
              <th>Licence</th>
              <th className={styles.number}>Images</th>
              <th>Used for</th>
            </tr>
          </thead>
          <tbody>
            {credits.map(({ name, author, licence, url, heldOut, images }) => (
              <tr key={name}>
                <td>
                  <a href={url} target="_blank" rel="noreferrer">
                    {name}
                  </a>
                </td>
                <td>{author}</td>
                <td>{licence}</td>
                <td className={styles.number}>{count(images)}</td>
                <td>{heldOut ? 'test, unseen' : 'training'}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Dialog>
  );
}
