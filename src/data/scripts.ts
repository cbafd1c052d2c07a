/** The scripts most texts are written in, by Unicode's names. */
const scripts = (
  'Latin Han Cyrillic Arabic Devanagari Hiragana Katakana Hangul Bengali Thai Greek Hebrew Tamil Telugu Gujarati ' +
  'Gurmukhi Kannada Malayalam Georgian Armenian Ethiopic Khmer Lao Myanmar Sinhala Tibetan'
).split(' ');
const patterns = scripts.map((script) => ({ script, runs: new RegExp(`\\p{Script=${script}}+`, 'gu') }));

const MAX_TEXTS = 1000;
const MAX_LENGTH = 200;

/**
 * Which scripts texts are written in, the most used first, as shares (0..1) of their letters; rarer ones are 'other'.
 * Of many or long texts, a thousand beginnings are looked at.
 */
export function scriptsOf(texts: string[]): { script: string; share: number }[] {
  const count = Math.min(MAX_TEXTS, texts.length);
  const sample = Array.from({ length: count }, (_, i) =>
    texts[Math.floor((i * texts.length) / count)].slice(0, MAX_LENGTH),
  );
  const letters = lettersOf(sample.join(' '), /\p{L}+/gu);
  const counts = patterns.map(({ script, runs }) => ({ script, letters: lettersOf(letters, runs).length }));
  const other = letters.length - counts.reduce((sum, { letters }) => sum + letters, 0);
  return [...counts, { script: 'other', letters: other }]
    .filter((count) => count.letters > 0)
    .map((count) => ({ script: count.script, share: count.letters / letters.length }))
    .sort((a, b) => b.share - a.share);
}

function lettersOf(text: string, runs: RegExp): string {
  return (text.match(runs) ?? []).join('');
}
