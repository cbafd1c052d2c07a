import clsx from 'clsx';
import { lazy, Suspense, useState } from 'react';
import { amount, bytes } from '../../page/format';
import type { ModelSummary } from '../../worker/api';
import { useStore } from '../parts/stores';
import styles from './models.module.css';

const ModelDialog = lazy(() => import('./ModelDialog').then((module) => ({ default: module.ModelDialog })));

export function ModelsPanel() {
  const [isOpen, setOpen] = useState(false);
  const teacher = useStore((state) => state.teacher);
  const student = useStore((state) => state.student);
  const precision = useStore((state) => state.teacherPrecision);
  const isAdapted = useStore((state) => state.loadedRun.teacherPrompts !== undefined);
  return (
    <section className="panel" aria-label="Models">
      <div className="panel-head">
        <h2>Models</h2>
        <div>
          <button type="button" className="quiet" onClick={() => setOpen(true)}>
            Change
          </button>
        </div>
      </div>
      <Model
        of="teacher"
        model={teacher}
        note={(precision !== 'float32' ? ', float16' : '') + (isAdapted ? ', adapted' : '')}
      />
      <Model of="student" model={student} note={student ? starts[student.initialisation] : ''} />
      <Suspense>{isOpen && <ModelDialog onClose={() => setOpen(false)} />}</Suspense>
    </section>
  );
}

const starts = { checkpoint: '', random: ', from scratch', cut: ', cut' };

interface ModelProps {
  of: 'teacher' | 'student';
  model?: ModelSummary;
  note: string;
}

function Model({ of: role, model, note }: ModelProps) {
  return (
    <div className={clsx(styles.model, `of-${role}`)} title={model?.name}>
      <i className="swatch" />
      <div>
        <b>{role === 'teacher' ? 'Teacher' : 'Student'}</b>
        <small>{model ? model.description + note : '–'}</small>
      </div>
      <small className={styles.weight} title="parameters of the image tower, bytes of all weights">
        {model ? amount(model.imageParameters) : '–'}
        <br />
        {model ? bytes(model.bytes) : '–'}
      </small>
    </div>
  );
}
