import clsx from 'clsx';
import { useRef, useState } from 'react';
import { readDrop } from '../../page/data/readDrop';
import { setTeacherPrecision } from '../../page/models/actions';
import type { Role } from '../../worker/api';
import { FilesInput } from '../parts/FilesInput';
import { Segments } from '../parts/Segments';
import { useStore } from '../parts/stores';
import { HubAccess } from './HubAccess';
import { KnownModels } from './KnownModels';
import styles from './modelDialog.module.css';
import type { Choosing } from './useChoice';

interface Props extends Choosing {
  of: Role;
}

/** `owner/name`, with `@` and a revision if need be, or a web address. */
const PLACE = /^(https?:\/\/\S+|[\w-][\w.-]*\/[\w-][\w.-]*(@[\w.-]+(\/[\w.-]+)*)?)$/;

/** A model of the hub, of a web address, or of the disk. */
export function CheckpointPicker({ of: role, choice, choose, loadFiles }: Props) {
  const place = choice?.role === role && typeof choice.model === 'string' ? choice.model : undefined;
  const [typed, setTyped] = useState(place ?? '');
  const isPlace = PLACE.test(typed.trim());
  return (
    <div className={styles.picker}>
      <KnownModels
        of={role}
        value={place}
        onChoose={({ id }) => {
          setTyped(id);
          choose(role, id);
        }}
      />
      <div className={styles.pickerOther}>
        <form
          className={styles.checkpointAddress}
          onSubmit={(event) => {
            event.preventDefault();
            choose(role, typed.trim());
          }}
        >
          <input
            type="text"
            className="field"
            placeholder="or any owner/name, owner/name@revision, or web address"
            aria-label={`Web address or hub id of the ${role}`}
            value={typed}
            onChange={({ target }) => setTyped(target.value)}
          />
          <button type="submit" className="button" disabled={!isPlace}>
            Look up
          </button>
          {typed.trim() !== '' && !isPlace && (
            <small className="muted" role="status">
              A model is named owner/name, such as openai/clip-vit-base-patch32, or by an address with
              https://
            </small>
          )}
        </form>
        <CheckpointDrop of={role} loadFiles={loadFiles} />
      </div>
      <div className={styles.pickerLast}>
        <HubAccess />
        {role === 'teacher' && <TeacherPrecision />}
      </div>
    </div>
  );
}

function CheckpointDrop({ of: role, loadFiles }: Pick<Props, 'of' | 'loadFiles'>) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={clsx('drop', styles.checkpoint)}
        onClick={() => input.current?.click()}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          loadFiles(role, readDrop(event.dataTransfer));
        }}
      >
        <b>Drop a checkpoint as the {role}</b>
        <span>a folder or a zip, as Hugging Face or open_clip write it</span>
      </button>
      <FilesInput
        isFolder
        inputRef={input}
        label={`A checkpoint folder for the ${role}`}
        onFiles={(files) => loadFiles(role, Promise.resolve(files))}
      />
    </>
  );
}

/** Only where the device leaves a choice. */
function TeacherPrecision() {
  const device = useStore((state) => state.device);
  const precision = useStore((state) => state.teacherPrecision);
  if (!device?.hasFloat16) return null;
  return (
    <div
      className={styles.precision}
      title="Multiplies in float16 only where this device is faster with it. The teacher’s features then differ by about 0.1 %; what is trained stays in float32."
    >
      Its weights on the device{' '}
      <Segments
        label="Precision of the teacher's weights"
        value={precision}
        options={[
          ['float32', 'float32'],
          ['float16', 'float16, half the memory'],
          ['float16-arithmetic', 'float16, multiplied so too'],
        ]}
        onChange={(value) => void setTeacherPrecision(value)}
      />
    </div>
  );
}
