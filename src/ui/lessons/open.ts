import { create } from 'zustand';

/** Whether lessons are on the page, and whether it is made large for a room. The address asks for that with `?present`. */
export const useOpen = create(() => ({
  lessons: false,
  isPresenting: new URLSearchParams(location.search).has('present'),
}));

const show = ({ isPresenting }: { isPresenting: boolean }) =>
  document.documentElement.toggleAttribute('data-present', isPresenting);
show(useOpen.getState());
useOpen.subscribe(show);

export const toggleLessons = (): void => useOpen.setState(({ lessons }) => ({ lessons: !lessons }));

export const togglePresenting = (): void =>
  useOpen.setState(({ isPresenting }) => ({ isPresenting: !isPresenting }));
