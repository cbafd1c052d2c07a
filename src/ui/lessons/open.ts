import { create } from 'zustand';

/** Whether lessons are on the page, and whether it is made large for a room. The address asks for that with `?present`. */
export const useOpen = create(() => ({
  lessons: false,
  isPresenting: new URLSearchParams(location.search).has('present'),
}));

/** The window that a presented page is laid out for. */
const PRESENTED = { width: 1180, height: 652 };

/** How much larger than usual everything is. */
export const useZoom = create(() => ({ zoom: 1 }));

function show(): void {
  const { isPresenting } = useOpen.getState();
  const fits = Math.min(innerWidth / PRESENTED.width, innerHeight / PRESENTED.height);
  const zoom = isPresenting && innerWidth >= 1024 ? Math.max(1, fits) : 1;
  document.documentElement.toggleAttribute('data-present', isPresenting);
  document.documentElement.style.setProperty('--zoom', String(zoom));
  useZoom.setState({ zoom });
}

show();
useOpen.subscribe(show);
addEventListener('resize', show);

export const toggleLessons = (): void => useOpen.setState(({ lessons }) => ({ lessons: !lessons }));

export const togglePresenting = (): void =>
  useOpen.setState(({ isPresenting }) => ({ isPresenting: !isPresenting }));
