import { createStore } from 'zustand/vanilla';

/** Whether lessons are on the page, and whether it is made large for a room. The address asks for that with `?present`. */
export const lessonsStore = createStore(() => ({
  lessons: false,
  isPresenting: new URLSearchParams(location.search).has('present'),
}));

/** The window that a presented page is laid out for. */
const PRESENTED = { width: 1180, height: 652 };

/** How much larger than usual everything is. */
export const zoomStore = createStore(() => ({ zoom: 1 }));

function show(): void {
  const { isPresenting } = lessonsStore.getState();
  const fits = Math.min(innerWidth / PRESENTED.width, innerHeight / PRESENTED.height);
  const zoom = isPresenting && innerWidth >= 1024 ? Math.max(1, fits) : 1;
  document.documentElement.toggleAttribute('data-present', isPresenting);
  document.documentElement.style.setProperty('--zoom', String(zoom));
  zoomStore.setState({ zoom });
}

show();
lessonsStore.subscribe(show);
addEventListener('resize', show);

export const toggleLessons = (): void => lessonsStore.setState(({ lessons }) => ({ lessons: !lessons }));

export const togglePresenting = (): void =>
  lessonsStore.setState(({ isPresenting }) => ({ isPresenting: !isPresenting }));
