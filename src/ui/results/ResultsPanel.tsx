import { AccuracyCard } from './AccuracyCard';
import { LossCard } from './LossCard';
import { RunsCard } from './RunsCard';
import './results.css';

export function ResultsPanel() {
  return (
    <section className="results" aria-label="Results">
      <LossCard />
      <AccuracyCard />
      <RunsCard />
    </section>
  );
}
