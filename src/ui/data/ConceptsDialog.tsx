import { useMemo, useState } from 'react';
import { chooseConcepts } from '../../page/data/actions';
import { bytes } from '../../page/format';
import type { DemoGroup } from '../../worker/api';
import { Dialog } from '../parts/Dialog';
import { Menu } from '../parts/Menu';
import { useStore } from '../parts/stores';
import styles from './data.module.css';

const LEAST = 2;

/** Pictures of each concept that have a label; five artists drew what is learnt from. */
const labelChoices = [
  ...[1, 2, 3, 4].map((pictures) => [String(pictures), `${pictures} of 5 pictures`] as const),
  ['', 'all pictures'] as const,
];

/** Which concepts of the demo the student learns. */
export function ConceptsDialog({ onClose }: { onClose: () => void }) {
  const groups = useStore((state) => state.groups);
  const current = useStore((state) => state.concepts);
  const [chosen, setChosen] = useState(() => new Set(current));
  const [labels, setLabels] = useState(useStore((state) => state.run.dataOptions?.labelsPerClass));
  const [search, setSearch] = useState('');
  const shown = useMemo(() => filterGroups(groups, search), [groups, search]);
  const toggle = (ids: string[], isOn: boolean) =>
    setChosen((old) =>
      isOn ? new Set([...old, ...ids]) : new Set([...old].filter((id) => !ids.includes(id))),
    );
  return (
    <Dialog title="Concepts of the demo" onClose={onClose}>
      <div className="dialog-body">
        <div className={styles.conceptsHead}>
          <input
            type="search"
            className="field"
            placeholder="Search concepts"
            aria-label="Search concepts"
            value={search}
            onChange={(event) => setSearch(event.target.value)}
          />
          <Menu
            isLabelled
            label="Labels on"
            value={String(labels ?? '')}
            options={labelChoices}
            onChange={(chosen) => setLabels(chosen === '' ? undefined : Number(chosen))}
          />
        </div>
        {shown.map((group) => (
          <Group key={group.id} group={group} chosen={chosen} onToggle={toggle} />
        ))}
        {shown.length === 0 && (
          <p className="muted">
            No concept has “{search}” in its name. Words of your own: type them under Ask, in Inspect.
          </p>
        )}
      </div>
      <div className="dialog-foot">
        <span className="muted">
          {chosen.size < LEAST ? `Choose at least ${LEAST}.` : 'Training starts anew.'}
        </span>
        <span className="spring" />
        <button type="button" className="button" onClick={() => setChosen(new Set())}>
          Clear
        </button>
        <button
          type="button"
          className="button is-primary"
          disabled={chosen.size < LEAST}
          onClick={() => {
            onClose();
            void chooseConcepts([...chosen], labels);
          }}
        >
          Use {chosen.size} concepts
        </button>
      </div>
    </Dialog>
  );
}

interface GroupProps {
  group: DemoGroup;
  chosen: Set<string>;
  onToggle: (ids: string[], isOn: boolean) => void;
}

function Group({ group, chosen, onToggle }: GroupProps) {
  const ids = group.concepts.map((concept) => concept.id);
  const on = ids.filter((id) => chosen.has(id)).length;
  return (
    <section className={styles.conceptGroup}>
      <h3>
        {group.name}{' '}
        <span className="muted">
          {on} of {ids.length} · {bytes(group.bytes)}
        </span>
        <button type="button" className="quiet" onClick={() => onToggle(ids, on < ids.length)}>
          {on < ids.length ? 'All' : 'None'}
        </button>
      </h3>
      <div className="chips">
        {group.concepts.map(({ id, name }) => (
          <button
            type="button"
            key={id}
            className="chip"
            aria-pressed={chosen.has(id)}
            onClick={() => onToggle([id], !chosen.has(id))}
          >
            {name}
          </button>
        ))}
      </div>
    </section>
  );
}

function filterGroups(groups: DemoGroup[], search: string): DemoGroup[] {
  const wanted = search.trim().toLowerCase();
  return groups
    .map((group) => ({
      ...group,
      concepts: group.concepts.filter(({ name }) => name.toLowerCase().includes(wanted)),
    }))
    .filter((group) => group.concepts.length > 0);
}
