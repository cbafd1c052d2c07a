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
