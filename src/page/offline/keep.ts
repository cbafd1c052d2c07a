import { report } from '../store';

/**
 * Has a service worker keep the page for visits without a network, once the page has what it needs itself. In a frame of
 * another page, and where the browser has none, all goes on without.
 */
export async function keepPage(): Promise<void> {
  if (!import.meta.env.PROD || !('serviceWorker' in navigator) || window.top !== window) return;
  const registration = await navigator.serviceWorker.register('sw.js').catch(() => undefined);
  if (!registration) return;
  if (registration.waiting) announce();
  registration.addEventListener('updatefound', () => {
    const arriving = registration.installing;
    arriving?.addEventListener('statechange', () => {
      // The first one of all waits for nothing.
      if (arriving.state === 'installed' && registration.active) announce();
    });
  });
}

const announce = (): void =>
  report(
    'A new version of clip-distillery has arrived. Nothing changes while this page is open: the new one comes when all its tabs are closed and it is opened again.',
    true,
  );
