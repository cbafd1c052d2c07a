import { useEffect, useState } from 'react';

/** Longer than between two keys. */
const SETTLED_MS = 400;

/** A text as it is once its typing has stopped for a moment. */
export function useSettled(text: string): string {
  const [settled, setSettled] = useState(text);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(text), SETTLED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return settled;
}
