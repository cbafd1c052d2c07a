import { Plus } from 'lucide-react';
import { useState } from 'react';
import { addFiles } from '../../../page/data/actions';
import { cameraFiles, firstHeldOut } from '../../../page/data/cameraFiles';
import { plural } from '../../../page/format';
import { Dialog } from '../../parts/Dialog';
import { Segments } from '../../parts/Segments';
import { useCamera } from '../../parts/useCamera';
import { CameraClass } from './CameraClass';
import styles from './camera.module.css';
import { useShots } from './useShots';

const rates = ['2', '5', '10'] as const;

/** Takes pictures of several classes while a button is held, and makes data of them. */
export function CameraDialog({ onClose }: { onClose: () => void }) {
  const [rate, setRate] = useState<(typeof rates)[number]>('5');
  const { video, isRunning, problem } = useCamera(true);
  const { classes, recorded, add, ...act } = useShots(video, Number(rate));
  const full = classes.filter(({ name, shots }) => name.trim() !== '' && shots.length > 1);
  const nameless = classes.some(({ name, shots }) => name.trim() === '' && shots.length > 0);
  const all = full.reduce((sum, { shots }) => sum + shots.length, 0);
  const train = full.reduce((sum, { shots }) => sum + firstHeldOut(shots.map(({ time }) => time)), 0);
  return (
    <Dialog title="Pictures from the camera" isLarge onClose={onClose}>
      <div className={`dialog-body ${styles.camera}`}>
        <div className={styles.view}>
          {problem ? (
            <p role="alert">{problem}</p>
          ) : (
            <video ref={video} muted playsInline aria-label="What the camera shows" />
          )}
          <div className={styles.rate}>
            <span>pictures a second</span>
            <Segments
              label="Pictures a second"
              value={rate}
              options={rates.map((one) => [one, one] as const)}
              onChange={setRate}
            />
          </div>
          <p className="muted">
            Turn what you show, move it, change the light: pictures that look alike teach little. Pause before
            the last few of a class, for these are kept for testing.
          </p>
        </div>
        <div className={styles.classes}>
          {classes.map((one, i) => (
            <CameraClass
              key={one.id}
              number={i + 1}
              shown={one}
              isRunning={isRunning}
              isRecorded={recorded === one.id}
              isRemovable={classes.length > 2}
              {...act}
            />
          ))}
          <button type="button" className="button" onClick={add}>
            <Plus size={15} aria-hidden="true" />
            Another class
          </button>
        </div>
      </div>
      <div className="dialog-foot">
        <span className="muted" role="status">
          {nameless
            ? 'Name each class that has pictures.'
            : full.length < 2
              ? 'Take two pictures or more of two classes.'
              : `${train} to train on, the latest ${all - train} to test on. They stay on this machine, until the page is closed.`}
        </span>
        <span className="spring" />
        <button
          type="button"
          className="button is-primary"
          disabled={full.length < 2 || nameless || recorded !== undefined}
          onClick={() => {
            onClose();
            void addFiles(cameraFiles(full));
          }}
        >
          Use {plural(all, 'picture')}
        </button>
      </div>
    </Dialog>
  );
}
