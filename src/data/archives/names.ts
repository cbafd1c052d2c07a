import { decodeText } from '../text';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
/** CP850 from 0x80 on, the letters of it that names of Western Europe have. */
const cp850 = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑ';
const isOem = (byte: number) => byte >= 0x80 && byte < 0x80 + cp850.length;

/**
 * The names in a zip that have no flag of UTF-8, of which one alone can be read in several ways: 猫 in GBK is è in
 * UTF-8. All are Shift-JIS where those that are no UTF-8 have kana, GBK where these are all Chinese; else each is what it
 * can be.
 */
export function decodeNames(names: readonly Uint8Array[]): string[] {
  const eastern = easternDecoder(names.filter((bytes) => !isUtf8(bytes)));
  return names.map((bytes) => (eastern && tryDecode(eastern, bytes)) ?? decodeName(bytes));
}

function easternDecoder(names: readonly Uint8Array[]): TextDecoder | undefined {
  // A slash is no second byte of either, so that names don't run into each other.
  const all = new Uint8Array(names.reduce((sum, { length }) => sum + length + 1, 0)).fill(0x2f);
  let at = 0;
  for (const bytes of names) {
    all.set(bytes, at);
    at += bytes.length + 1;
  }
  const shiftJis = new TextDecoder('shift_jis', { fatal: true });
  if (/[\u3040-\u30ff]/.test(tryDecode(shiftJis, all) ?? '')) return shiftJis;
  const gbk = new TextDecoder('gbk', { fatal: true });
  const chinese = tryDecode(gbk, all);
  const high = all.filter((byte) => byte >= 0x80);
  const isChinese =
    chinese !== undefined && /^[\0-\x7f\p{Script=Han}\u3000-\u303f\uff00-\uffef]*$/u.test(chinese);
  return isChinese && high.length > 1 && !high.every(isOem) ? gbk : undefined;
}

/** UTF-8, CP850 where Windows wrote it, else Shift-JIS or as texts are. */
function decodeName(bytes: Uint8Array): string {
  if (isUtf8(bytes)) return decodeText(bytes);
  if (!bytes.every((byte) => byte < 0x80 || isOem(byte)))
    return tryDecode(new TextDecoder('shift_jis', { fatal: true }), bytes) ?? decodeText(bytes);
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : cp850[byte - 0x80])).join('');
}

function isUtf8(bytes: Uint8Array): boolean {
  return tryDecode(strictUtf8, bytes) !== undefined;
}

function tryDecode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
