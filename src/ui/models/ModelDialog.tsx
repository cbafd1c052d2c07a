import { useRef, useState } from 'react';
import { readDrop } from '../data/readDrop';
import { Dialog } from '../parts/Dialog';
import { FolderInput } from '../parts/FolderInput';
import { Segments } from '../parts/Segments';
import { changeRun, openModel, report, setTeacherPrecision, useStore } from '../store';
import { studentSizes } from './studentSizes';

/** Other models: a checkpoint folder for either, or another size of student. */
export function ModelDialog({ onClose }: { onClose: () => void }) {
  const run = useStore((state) => state.run);
  const teacher = useStore((state) => state.teacher);
  const student = useStore((state) => state.student);
  return (
    <Dialog title="Models" onClose={onClose}>
      <div className="dialog-body">
        <section className="model-choice of-teacher">
          <h3>
            <i className="swatch" />
            Teacher
          </h3>
          <p>{teacher ? `${teacher.name}, ${teacher.description}. It is frozen.` : 'Not loaded yet.'}</p>
          <TeacherPrecision />
          <CheckpointDrop of="teacher" onClose={onClose} />
          <CheckpointAddress of="teacher" onClose={onClose} />
        </section>
        <section className="model-choice of-student">
          <h3>
            <i className="swatch" />
            Student
          </h3>
          <p>
            {student ? `${student.name}, ${student.description}.` : 'Not loaded yet.'} From random weights:
          </p>
          <div className="sizes">
            {studentSizes.map(({ name, description, student: choice }) => (
              <button
                type="button"
                key={name}
                className="size"
                aria-pressed={JSON.stringify(choice) === JSON.stringify(run.student)}
                onClick={() => {
                  changeRun({ student: choice });
                  onClose();
                }}
              >
                <b>{name}</b>
                <span>{description}</span>
              </button>
            ))}
          </div>
          <CheckpointDrop of="student" onClose={onClose} />
          <CheckpointAddress of="student" onClose={onClose} />
        </section>
      </div>
    </Dialog>
  );
}

/** Only where the device leaves a choice. */
function TeacherPrecision() {
  const device = useStore((state) => state.device);
  const precision = useStore((state) => state.teacherPrecision);
  if (!device?.hasFloat16) return null;
  return (
    <div className="precision">
      Its weights on the device{' '}
      <Segments
        label="Precision of the teacher's weights"
        value={precision}
        options={[
          ['float32', 'float32'],
          ['float16', 'float16, half the memory'],
        ]}
        onChange={(value) => void setTeacherPrecision(value)}
      />
    </div>
  );
}

interface ChoiceProps {
  of: 'teacher' | 'student';
  onClose: () => void;
}

function CheckpointDrop({ of: role, onClose }: ChoiceProps) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className="drop checkpoint"
        onClick={() => input.current?.click()}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          onClose();
          void readDrop(event.dataTransfer).then((files) => openModel(role, files), report);
        }}
      >
        <b>Drop a checkpoint folder as the {role}</b>
        <span>Hugging Face layout: config.json, model.safetensors, tokenizer and preprocessor</span>
      </button>
      <FolderInput
        inputRef={input}
        label={`A checkpoint folder for the ${role}`}
        onFiles={(files) => {
          onClose();
          void openModel(role, files);
        }}
      />
    </>
  );
}

function CheckpointAddress({ of: role, onClose }: ChoiceProps) {
  const [place, setPlace] = useState('');
  const isPlace = /^(https?:\/\/\S+|[^\s/]+\/[^\s/]+)$/.test(place.trim());
  return (
    <form
      className="checkpoint-address"
      onSubmit={(event) => {
        event.preventDefault();
        onClose();
        void openModel(role, place.trim());
      }}
    >
      <input
        type="text"
        className="search"
        placeholder="or a web address, or a Hugging Face id: owner/name"
        aria-label={`Web address or hub id of the ${role}`}
        value={place}
        onChange={(event) => setPlace(event.target.value)}
      />
      <button type="submit" className="button" disabled={!isPlace}>
        Load
      </button>
    </form>
  );
}
