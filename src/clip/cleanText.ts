import { decodeHTML } from 'entities/decode';

/** What bytes 0x80 to 0x9F are in Windows-1252; those without a character of their own stay control characters. */
const WINDOWS_1252 = '€\x81‚ƒ„…†‡ˆ‰Š‹Œ\x8dŽ\x8f\x90‘’“”•–—˜™š›œ\x9džŸ';
/** Characters that the bytes within a UTF-8 sequence, 0x80 to 0xBF, become when read as Latin-1 or Windows-1252. */
const INNER = `[\\x80-\\xbf${WINDOWS_1252}]`;
/**
 * Sequences that hardly anyone types. Letters that do stand before punctuation, as French "é »" with its no-break space
 * has them, count only where two sequences follow each other.
 */
const MOJIBAKE = new RegExp(
  [
    `[ÂÃ]${INNER}`,
    `â[\\x80-\\x9f${WINDOWS_1252}]${INNER}`,
    `ð${INNER}{3}`,
    `(?:[Ä-ß]${INNER}){2,}`,
    `(?:[à-ï]${INNER}{2}){2,}`,
  ].join('|'),
  'gu',
);

const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * A text as OpenAI's and open_clip's tokenizers clean it before the merges (`simple_tokenizer.py`: `basic_clean`,
 * `whitespace_clean`, `lower`): ftfy's repairs, HTML's entities unescaped twice, white space collapsed, lower case. Of
 * ftfy's repairs of encodings it has the common one, UTF-8 that was read as Latin-1 or Windows-1252.
 */
export function cleanText(text: string): string {
  const unescaped = decodeHTML(decodeHTML(fixText(text)));
  return unescaped.replace(/\s+/g, ' ').trim().toLowerCase();
}

/** ftfy's `fix_text`: its repairs in its order, until nothing changes. */
function fixText(text: string): string {
  // A text with tags is HTML, whose entities ftfy leaves as they are.
  const unescaped = text.includes('<') ? text : decodeHTML(text);
  const fixed = fixMojibake(unescaped)
    .replace(/[\x80-\x9f]/g, (control) => WINDOWS_1252[control.charCodeAt(0) - 0x80])
    .replace(/[ĲĳŉǄ-ǌǱ-ǳﬀ-ﬆ]/g, (ligature) => ligature.normalize('NFKC'))
    .replace(/[\u3000\uff01-\uffef]/g, (wide) => wide.normalize('NFKC'))
    .replace(/[\u02bc\u2018-\u201b]/g, "'")
    .replace(/[\u201c-\u201f]/g, '"')
    .replace(TERMINAL_ESCAPES, '')
    .replace(CONTROLS, '')
    .normalize('NFC');
  return fixed === text ? fixed : fixText(fixed);
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const TERMINAL_ESCAPES = /\x1b\[[\d;]*[a-zA-Z]/g;
// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it takes out
const CONTROLS = /[\0-\x08\x0b\x0e-\x1f\x7f\u206a-\u206f\ufeff\ufff9-\ufffc]/g;

/** Undoes wrong readings, however often the text went through one. */
function fixMojibake(text: string): string {
  const fixed = text.replace(MOJIBAKE, (characters) => {
    try {
      return utf8.decode(Uint8Array.from(characters, byteOf));
    } catch {
      return characters;
    }
  });
  return fixed === text ? fixed : fixMojibake(fixed);
}

function byteOf(character: string): number {
  const place = WINDOWS_1252.indexOf(character);
  return place < 0 ? character.charCodeAt(0) : 0x80 + place;
}
