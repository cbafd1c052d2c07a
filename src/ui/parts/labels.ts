import { useCallback, useMemo } from 'react';
import { sharedEnds } from '../../page/sharedEnds';
import { useStore } from './stores';

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
