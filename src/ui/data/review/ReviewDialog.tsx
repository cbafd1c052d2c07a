import clsx from 'clsx';
import { useState } from 'react';
import { cancelOpening } from '../../../page/data/actions';
import { type Draft, draftOf, isSame, isTemplate } from '../../../page/data/draft';
import { count } from '../../../page/format';
import type { DataSummary } from '../../../worker/api';
import { Dialog } from '../../parts/Dialog';
import { useStore } from '../../parts/stores';
import { Tabs } from '../../parts/Tabs';
import { Augmentation } from './Augmentation';
import { Classes } from './Classes';
import { ImageGrid } from './ImageGrid';
import { Overview } from './Overview';
import styles from './review.module.css';
import { SkippedFiles } from './SkippedFiles';
import { Splits } from './Splits';
import { TableColumns } from './TableColumns';
import { type Applying, useApplying } from './useApplying';

type Section = 'overview' | 'images' | 'classes' | 'columns' | 'splits' | 'augmentation' | 'skipped';

interface Props {
  data: DataSummary;
  first: Section;
  onClose: () => void;
}

/** What was understood of the data, closely, and what can be said against it. Edits wait for Apply; another reading is applied at once. */
export function ReviewDialog({ data, first, onClose }: Props) {
  const [section, setSection] = useState<Section>(first);
  const isDemo = useStore((state) => state.isDemo);
  const run = useStore((state) => state.run);
  const [draft, setDraft] = useState<Draft>(() => draftOf(run));
  const applying = useApplying(setDraft);
  const edit = { draft, onChange: (change: Partial<Draft>) => setDraft({ ...draft, ...change }) };
  return (
    <Dialog title={data.name} isLarge onClose={onClose}>
      <Tabs label="About the data" value={section} options={sectionsOf(data, isDemo)} onChange={setSection}>
        {section === 'overview' && <Overview data={data} draft={draft} applying={applying} />}
        {section === 'images' && <ImageGrid />}
        {section === 'classes' && <Classes data={data} {...edit} isFixed={isDemo} />}
        {section === 'columns' && <TableColumns tables={data.tables} {...edit} />}
        {section === 'splits' && <Splits data={data} {...edit} />}
        {section === 'augmentation' && <Augmentation data={data} {...edit} />}
        {section === 'skipped' && <SkippedFiles name={data.name} skipped={data.skipped} />}
      </Tabs>
      <ReviewFoot draft={draft} onDraft={setDraft} applying={applying} />
    </Dialog>
  );
}

function sectionsOf(data: DataSummary, isDemo: boolean): [Section, string][] {
  const sections: [Section, string, boolean][] = [
    ['overview', 'Overview', true],
    ['images', 'Images', true],
    ['classes', 'Classes', data.classes.length > 0],
    ['columns', 'Columns', data.tables.length > 0],
    ['splits', 'Splits', !isDemo],
    ['augmentation', 'Augmentation', true],
    ['skipped', `Skipped, ${count(data.skipped.length)}`, data.skipped.length > 0],
  ];
  return sections.filter(([, , applies]) => applies).map(([id, name]) => [id, name]);
}

interface FootProps {
  draft: Draft;
  onDraft: (draft: Draft) => void;
  applying: Applying;
}

function ReviewFoot({ draft, onDraft, applying }: FootProps) {
  const { apply, isBusy, error, forget, undone } = applying;
  const run = useStore((state) => state.run);
  const isOpening = useStore(({ opening }) => opening !== undefined);
  const before = draftOf(run);
  const hasEdits = !isSame(draft, before);
  const { promptTemplate } = draft.options;
  const isWhole = promptTemplate === undefined || isTemplate(promptTemplate);
  const discard = () => {
    forget();
    onDraft(before);
  };
  return (
    <div className={clsx('dialog-foot', styles.reviewFoot)}>
      {error ? (
        <p role="alert" className="notice is-problem">
          {error}
        </p>
      ) : (
        <span className="muted" role="status">
          {isBusy ? 'Reading' : hasEdits ? 'Applying starts the training anew.' : undone && 'Applied'}
        </span>
      )}
      <span className="spring" />
      {isBusy && isOpening ? (
        <button type="button" className="button" onClick={cancelOpening}>
          Cancel
        </button>
      ) : undone && !hasEdits ? (
        <button type="button" className="button" disabled={isBusy} onClick={() => void apply(undone)}>
          Undo
        </button>
      ) : (
        <button type="button" className="button" disabled={!hasEdits} onClick={discard}>
          Discard
        </button>
      )}
      <button
        type="button"
        className="button is-primary"
        disabled={!hasEdits || !isWhole || isBusy}
        onClick={() => void apply(draft)}
      >
        Apply
      </button>
    </div>
  );
}
