import { useCallback, useMemo } from 'react';
import { useStore } from './store';

/** Shortens texts by what all of them share: 'an emoji of sea otter' → 'sea otter'. */
export function useLabel(): (text: string) => string {
  const samples = useStore((state) => state.data?.samples);
  const [before, after] = useMemo(() => sharedEnds((samples ?? []).map(({ text }) => text)), [samples]);
  return useCallback(
    (text) =>
      text.startsWith(before) && text.endsWith(after) && text.length > before.length + after.length
        ? text.slice(before.length, text.length - after.length)
        : text,
    [before, after],
  );
}

/** The words that all texts begin and end with; nothing for fewer than three different texts. */
export function sharedEnds(texts: string[]): [before: string, after: string] {
  const distinct = [...new Set(texts)];
  if (distinct.length < 3) return ['', ''];
  const before = distinct.reduce(sharedStart);
  const mirrored = distinct.map((text) => [...text].reverse().join('')).reduce(sharedStart);
  const after = [...mirrored].reverse().join('');
  return [before.slice(0, before.lastIndexOf(' ') + 1), after.match(/(\s.*|[.,!?]+)$/)?.[0] ?? ''];
}

function sharedStart(a: string, b: string): string {
  let end = 0;
  while (end < a.length && a[end] === b[end]) end++;
  return a.slice(0, end);
}
