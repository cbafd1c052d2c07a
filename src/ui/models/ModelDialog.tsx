import clsx from 'clsx';
import { useState } from 'react';
import { leaveTeacherPrompts } from '../../page/models/actions';
import { studentOf, studentSizes } from '../../page/models/studentSizes';
import { report } from '../../page/store';
import { openStage, type StageName } from '../../page/teach/stage';
import { PRETRAINED } from '../../run/demo';
import type { Run } from '../../run/schema';
import type { NewStudent } from '../../run/student';
import type { ModelSummary } from '../../worker/api';
import { Dialog } from '../parts/Dialog';
import { Segments } from '../parts/Segments';
import { useStore } from '../parts/stores';
import { Tabs } from '../parts/Tabs';
import { CheckpointPicker } from './CheckpointPicker';
import { Comparison, type Preview } from './Comparison';
import { DialogFoot } from './DialogFoot';
import styles from './modelDialog.module.css';
import { CutStudent, RandomStudent } from './NewStudent';
import { StoredModels } from './StoredModels';
import { type Choice, type Choosing, useChoice } from './useChoice';

type Section = 'teacher' | 'student' | 'stored';

/** Other models: what they would take, and to load them. It stays open until one is. */
export function ModelDialog({ onClose }: { onClose: () => void }) {
  const [section, setSection] = useState<Section>('teacher');
  const choosing = useChoice(onClose);
  const { choice, busy, clear, fail } = choosing;
  return (
    <Dialog title="Models" isLarge onClose={onClose}>
      <Comparison preview={previewOf(choice)} />
      <div className={styles.modelsBody} inert={busy === 'loading'}>
        <Tabs
          label="Models"
          value={section}
          options={[
            ['teacher', 'Teacher'],
            ['student', 'Student'],
            ['stored', 'Stored'],
          ]}
          onChange={(next) => {
            setSection(next);
            clear();
          }}
        >
          {section === 'teacher' && (
            <>
              <CheckpointPicker of="teacher" {...choosing} />
              <OwnTeacher onClose={onClose} />
            </>
          )}
          {section === 'student' && <StudentSection {...choosing} />}
          {section === 'stored' && <StoredModels onError={fail} />}
        </Tabs>
      </div>
      <DialogFoot {...choosing} />
    </Dialog>
  );
}

/** What can be done for a teacher to know the data. */
function OwnTeacher({ onClose }: { onClose: () => void }) {
  const labelled = useStore((state) => state.data?.training.labelled ?? 0);
  const areClasses = useStore((state) => (state.data?.classes.length ?? 0) > 0);
  const prompts = useStore((state) => state.run.teacherPrompts);
  const open = (stage: StageName) => {
    onClose();
    openStage(stage);
  };
  if (labelled === 0) return null;
  return (
    <div className={styles.ownTeacher}>
      <span className="muted">The one in use, for these images:</span>
      <button type="button" className="button" onClick={() => open('make')}>
        Make a teacher from this data
      </button>
      {areClasses && (
        <button type="button" className="button" onClick={() => open('adapt')}>
          Adapt it by prompts (Stage I)
        </button>
      )}
      {prompts !== undefined && (
        <button
          type="button"
          className="button"
          onClick={() => {
            onClose();
            void leaveTeacherPrompts().catch(report);
          }}
        >
          Leave {prompts} out
        </button>
      )}
    </div>
  );
}

function StudentSection(choosing: Choosing) {
  const { choice, choose, clear } = choosing;
  const chooseNew = (student?: NewStudent) => (student ? choose('student', student) : clear());
  const teacher = useStore((state) => state.teacher);
  const run = useStore((state) => state.run);
  const [start, setStart] = useState(() => startOf(run.student));
  const inUse = typeof run.student === 'string' ? undefined : run.student;
  const student = choice && typeof choice.model !== 'string' ? choice.model : inUse;
  return (
    <>
      <Segments
        label="What the student starts from"
        value={start}
        options={[
          ['random', 'Random weights'],
          ['pretrained', 'Pre-trained, the demo’s'],
          ['cut', 'Layers of the teacher'],
          ['checkpoint', 'A checkpoint'],
        ]}
        onChange={(next) => {
          setStart(next);
          if (next === 'cut' && teacher && startOf(run.student) !== 'cut')
            chooseNew({ from: 'teacher', layers: Math.ceil(teacher.layers / 2), pick: 'spread' });
          else if (next === 'pretrained') choose('student', PRETRAINED);
          else if (next === 'random' && !inUse) chooseNew(studentOf(studentSizes[1].sizes));
          else clear();
        }}
      />
      {start === 'random' && <RandomStudent value={student} onChoose={chooseNew} />}
      {start === 'pretrained' && (
        <p className={clsx('muted', styles.pretrainedStudent)}>
          A tower of the demo’s student’s size after 1,500 steps of CLIP’s own training on the 794 concepts
          that the demo does not open with. It stands still; its prompts and projector learn, as in the paper.
        </p>
      )}
      {start === 'cut' && <CutStudent value={student} onChoose={chooseNew} />}
      {start === 'checkpoint' && <CheckpointPicker of="student" {...choosing} />}
    </>
  );
}

function startOf(student: Run['student']): ModelSummary['initialisation'] | 'pretrained' {
  if (student === PRETRAINED) return 'pretrained';
  if (typeof student === 'string') return 'checkpoint';
  return 'config' in student ? 'random' : 'cut';
}

function previewOf(choice: Choice | undefined): Preview | undefined {
  const { sizes, name } = choice?.description ?? {};
  return choice && sizes && name !== undefined ? { role: choice.role, name, sizes } : undefined;
}
