import { DataPanel } from './data/DataPanel';
import { DropWindow } from './data/DropWindow';
import { Figure } from './figure/Figure';
import { Header } from './header/Header';
import { Notices } from './header/Notices';
import { InspectPanel } from './inspect/InspectPanel';
import { MethodPanel } from './method/MethodPanel';
import { ModelsPanel } from './models/ModelsPanel';
import { ResultsPanel } from './results/ResultsPanel';
import { OfferDialog } from './share/OfferDialog';

export function App() {
  return (
    <div className="app">
      <Header />
      <Notices />
      <div className="side">
        <DataPanel />
        <ModelsPanel />
        <MethodPanel />
      </div>
      <main className="main">
        <Figure />
        <InspectPanel />
      </main>
      <ResultsPanel />
      <DropWindow />
      <OfferDialog />
    </div>
  );
}
