import { reset } from '../../page/store';
import { Dialog, focusFirst } from '../parts/Dialog';

/** Asks before a key starts again: one is soon pressed by mistake. */
export function RestartDialog({ lost, onClose }: { lost: string; onClose: () => void }) {
  const restart = () => {
    onClose();
    void reset();
  };
  return (
    <Dialog title="Start again?" onClose={onClose}>
      <div className="dialog-body">
        <p>This throws away {lost}, which is saved nowhere. Its curves stay under Runs.</p>
      </div>
      <div className="dialog-foot">
        <span className="spring" />
        <button type="button" className="button" ref={focusFirst} onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="button is-primary" onClick={restart}>
          Start again
        </button>
      </div>
    </Dialog>
  );
}
