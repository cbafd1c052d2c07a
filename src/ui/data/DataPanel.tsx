import { useState } from 'react';
import { useStore } from '../store';
import { ConceptsDialog } from './ConceptsDialog';
import { CreditsDialog } from './CreditsDialog';
import { DataCounts } from './DataCounts';
import { DropTarget } from './DropTarget';
import { Thumbnails } from './Thumbnails';
import './data.css';

export function DataPanel() {
  const [open, setOpen] = useState<'concepts' | 'credits'>();
  const data = useStore((state) => state.data);
  const hasGroups = useStore((state) => state.groups.length > 0);
  const isDemo = useStore((state) => state.isDemo);
  return (
    <section className="panel data" aria-label="Data">
      <div className="panel-head">
        <h2>Data</h2>
        <div>
          {data && data.credits.length > 0 && (
            <button type="button" className="quiet" onClick={() => setOpen('credits')}>
              Credits
            </button>
          )}
          {hasGroups && (
            <button type="button" className="quiet" onClick={() => setOpen('concepts')}>
              {isDemo ? 'Concepts' : 'Back to the demo'}
            </button>
          )}
        </div>
      </div>
      <DropTarget />
      <Thumbnails />
      {data ? <DataCounts data={data} /> : <div className="counts" />}
      {open === 'concepts' && <ConceptsDialog onClose={() => setOpen(undefined)} />}
      {open === 'credits' && <CreditsDialog onClose={() => setOpen(undefined)} />}
    </section>
  );
}
