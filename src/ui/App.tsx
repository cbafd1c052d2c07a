import { lazy, Suspense } from 'react';
import { DataPanel } from './data/DataPanel';
import { DropWindow } from './data/DropWindow';
import { Figure } from './figure/Figure';
import { Header } from './header/Header';
import { Notices } from './header/Notices';
import { InspectPanel } from './inspect/InspectPanel';
import { MethodPanel } from './method/MethodPanel';
import { ModelsPanel } from './models/ModelsPanel';
import { useOffer } from './parts/stores';
import { ResultsPanel } from './results/ResultsPanel';

const AddressDialog = lazy(() =>
  import('./share/AddressDialog').then((module) => ({ default: module.AddressDialog })),
);
const OfferDialog = lazy(() =>
  import('./share/OfferDialog').then((module) => ({ default: module.OfferDialog })),
);

export function App() {
  const offer = useOffer((state) => state.offer);
  const from = useOffer((state) => state.from);
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
      <Suspense>{from && <AddressDialog url={from} />}</Suspense>
      <Suspense>{offer && <OfferDialog key={offer.name} offer={offer} />}</Suspense>
    </div>
  );
}
