import { describe, expect, it } from 'vitest';
import { cleanText } from '../../src/clip/cleanText';

/** UTF-8 read as Latin-1, as the repair finds it. */
const asLatin1 = (text: string) => String.fromCharCode(...new TextEncoder().encode(text));

describe('the cleaning of texts', () => {
  it.each([
    ['  Two\t\n words ', 'two words'],
    ['fish &amp;amp; chips &#x26; &pound;3 &copy 1999', 'fish & chips & £3 © 1999'],
    ['<b>R&amp;D</b> at H&M', '<b>r&d</b> at h&m'],
    ['ΛΟΓΟΣ', 'λογος'],
    ['‘one’ “two”', '\'one\' "two"'],
    ['ＡＢ　１２', 'ab 12'],
    ['oﬃce ǆ', 'office dž'],
    ['\x1b[1;32mok\x1b[0m\x00\x08\ufeff', 'ok'],
    ['line\r\nline\u2028line\x85', 'line line line…'],
    ['cafe\u0301', 'café'],
  ])('makes %j %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  it.each(['piñata', 'it…', 'straße über', 'привет мир', '日本', '🎈 party'])('repairs %s', (text) => {
    const clean = cleanText(text);
    expect(cleanText(asLatin1(text))).toBe(clean);
    expect(cleanText(asLatin1(asLatin1(text)))).toBe(clean);
  });

  it.each([
    ['GarÃ§on', 'garçon'],
    ['donâ€™t â€œstopâ€\x9d', 'don\'t "stop"'],
    ['ðŸ\x8eˆ', '🎈'],
  ])('repairs Windows-1252: %j', (text, clean) => {
    expect(cleanText(text)).toBe(clean);
  });

  it.each([
    'voilà\u00a0»',
    'olé\u00a0«',
    'château',
    'são joão',
    'ångström',
    'café™',
    'à la carte—é',
    '10 °c ± 1',
  ])('leaves %j', (text) => {
    expect(cleanText(text)).toBe(text.replace(/\s/g, ' '));
  });
});
