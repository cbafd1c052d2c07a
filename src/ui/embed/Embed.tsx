import { ExternalLink } from 'lucide-react';
import { useState } from 'react';
import { count } from '../../page/format';
import { linkTo } from '../../page/share/link';
import { linkedPresent } from '../../page/share/work';
import { reset } from '../../page/store';
import { Figure } from '../figure/Figure';
import { Transport } from '../header/Transport';
import { useKeys } from '../header/useKeys';
import { InspectPanel } from '../inspect/InspectPanel';
import { useOpenBox, useStore } from '../parts/stores';
import { AccuracyCard } from '../results/AccuracyCard';
import { LossCard } from '../results/LossCard';
import styles from './Embed.module.css';

const ownKeys = {};

/** The page in a frame of somebody's lecture notes: to be watched and touched, not to work on. */
export default function Embed() {
  useKeys(ownKeys);
  const step = useStore((state) => state.metrics?.step ?? 0);
  const problem = useStore((state) => state.problems.findLast(({ isNotice }) => !isNotice)?.message);
  const box = useOpenBox((state) => state.box);
  return (
    <div className={styles.embed}>
      <header>
        <h1>clip-distillery</h1>
        <Transport onReset={() => void reset()} />
        <span>
          step <output aria-label="step">{count(step)}</output>
        </span>
        <p role="alert" title={problem}>
          {problem}
        </p>
        <FullPageLink />
      </header>
      <main>
        <Figure />
      </main>
      {/* A box of the figure opens in place of the charts. */}
      {box ? (
        <InspectPanel />
      ) : (
        <section className={styles.charts} aria-label="Results">
          <LossCard />
          <AccuracyCard />
        </section>
      )}
    </div>
  );
}

/** The address is that of the moment when it is gone to. */
function FullPageLink() {
  const [address, setAddress] = useState(fullPage);
  const update = () => setAddress(fullPage());
  return (
    <a
      href={address}
      target="_blank"
      rel="noreferrer"
      onPointerEnter={update}
      onFocus={update}
      onClick={update}
    >
      <ExternalLink />
      Open in a full page
    </a>
  );
}

/** Where a file brought the work, that file brings it there too. */
function fullPage(): string {
  const url = new URL(location.href);
  if (!url.searchParams.has('open')) return linkTo(linkedPresent());
  url.searchParams.delete('embed');
  return url.href;
}
