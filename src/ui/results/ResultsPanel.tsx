import { AccuracyCard } from './AccuracyCard';
import { LossCard } from './LossCard';
import { RunsCard } from './RunsCard';

export function ResultsPanel() {
  return (
    <section className="results" aria-label="Results">
      <LossCard />
      <AccuracyCard />
      <RunsCard />
    </section>
  );
}
