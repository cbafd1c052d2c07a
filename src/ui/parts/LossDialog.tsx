import { Dialog, focusFirst } from './Dialog';

interface Props {
  title: string;
  /** The student that would be lost, in words. */
  lost: string;
  /** What is then done, as the button says it. */
  action: string;
  onGo: () => void;
  onClose: () => void;
}

/** Asks before a trained student that is saved nowhere is thrown away. */
export function LossDialog({ title, lost, action, onGo, onClose }: Props) {
  const go = () => {
    onClose();
    onGo();
  };
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="dialog-body">
        <p>This throws away {lost}, which is saved nowhere. Its curves stay under Runs.</p>
      </div>
      <div className="dialog-foot">
        <span className="spring" />
        <button type="button" className="button" ref={focusFirst} onClick={onClose}>
          Cancel
        </button>
        <button type="button" className="button is-primary" onClick={go}>
          {action}
        </button>
      </div>
    </Dialog>
  );
}
