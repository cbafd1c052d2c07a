import './styles/fonts.css';
import './styles/tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/layout.css';
import './styles/present.css';
import { Tooltip } from 'radix-ui';
import { lazy, StrictMode, Suspense } from 'react';
import { createRoot } from 'react-dom/client';
import { connect } from '../page/engine';
import { engineFailed } from '../page/engineFailure';
import { startRecording } from '../page/runs/record';
import { start } from '../page/share/opening';
import { askBeforeLeaving } from '../page/share/saved';
import { createEngine } from '../worker/client';
import { App } from './App';

/** In a frame of lecture notes (`?embed`), which has other wants than a page to work on. */
const Embed = lazy(() => import('./embed/Embed'));
const isEmbedded = new URLSearchParams(location.search).has('embed');

connect(createEngine(engineFailed));

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <Tooltip.Provider delayDuration={400}>
        <Suspense>{isEmbedded ? <Embed /> : <App />}</Suspense>
      </Tooltip.Provider>
    </StrictMode>,
  );
  startRecording();
  if (!isEmbedded) askBeforeLeaving();
  void start()
    .then(() => import('../page/offline/keep'))
    .then(({ keepPage }) => keepPage())
    .then(() => import('../page/survive/stayAlive'))
    .then(({ stayAlive }) => stayAlive());
}
