import { Dialog } from '../parts/Dialog';

const keys = [
  ['Space', 'play and pause'],
  ['.', 'one step'],
  ['r', 'start again, with changed settings if there are any'],
  ['p', 'present: larger, and arrow keys go through a lesson'],
  ['?', 'this list'],
  ['← →', 'move a focused slider'],
  ['Ctrl + V', 'paste images'],
];

export function KeysDialog({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title="Keyboard" onClose={onClose}>
      <dl className="dialog-body keys">
        {keys.map(([key, meaning]) => (
          <div key={key}>
            <dt>
              <kbd>{key}</kbd>
            </dt>
            <dd>{meaning}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
