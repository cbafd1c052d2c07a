import { useAsked, useStore } from '../../parts/stores';

/** What typed texts go into: the data's prompt template, where it has one and it is wanted. */
export function useTemplate(): string | undefined {
  const template = useStore((state) => state.data?.promptTemplate);
  const inTemplate = useAsked((state) => state.inTemplate);
  return inTemplate ? template : undefined;
}
