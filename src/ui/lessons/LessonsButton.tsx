import { lazy, Suspense } from 'react';
import { toggleLessons } from '../../page/lessons/open';
import { useOpen } from '../parts/stores';

const Lessons = lazy(() => import('./Lessons').then((module) => ({ default: module.Lessons })));

/** Opens and closes the lessons, which are loaded when they are first wanted. */
export function LessonsButton() {
  const isOpen = useOpen((state) => state.lessons);
  return (
    <>
      <button type="button" className="button lessons-button" aria-expanded={isOpen} onClick={toggleLessons}>
        Lessons
      </button>
      <Suspense>{isOpen && <Lessons />}</Suspense>
    </>
  );
}
