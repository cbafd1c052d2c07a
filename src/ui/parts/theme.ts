import { useSyncExternalStore } from 'react';

type Theme = 'light' | 'dark';

const system = matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
const root = document.documentElement;

/** The theme in effect: what was chosen on the page, else the system's. */
export function useTheme(): Theme {
  return useSyncExternalStore(subscribe, currentTheme);
}

/** Chooses a theme for this visit; the system's own is nothing to choose. */
export function setTheme(theme: Theme): void {
  const isSystems = system.matches === (theme === 'dark');
  if (isSystems) delete root.dataset.theme;
  else root.dataset.theme = theme;
  for (const listener of listeners) listener();
}

export function currentTheme(): Theme {
  const isDark = root.dataset.theme ? root.dataset.theme === 'dark' : system.matches;
  return isDark ? 'dark' : 'light';
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  system.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    system.removeEventListener('change', listener);
  };
}
