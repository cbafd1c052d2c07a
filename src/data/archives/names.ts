import { decodeText } from '../text';

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
/** CP850 from 0x80 on, the letters of it that names of Western Europe have. */
const cp850 = 'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜø£Ø×ƒáíóúñÑ';
const isOem = (byte: number) => byte >= 0x80 && byte < 0x80 + cp850.length;

/**
 * A name in a zip without the flag of UTF-8: UTF-8 all the same, Shift-JIS where it has kana, GBK where all of it is
 * Chinese, CP850 where Windows wrote it, else as texts are.
 */
export function decodeName(bytes: Uint8Array): string {
  if (tryDecode(strictUtf8, bytes) !== undefined) return decodeText(bytes);
  const japanese = tryDecode(new TextDecoder('shift_jis', { fatal: true }), bytes);
  if (japanese && /[\u3040-\u30ff]/.test(japanese)) return japanese;
  const high = bytes.filter((byte) => byte >= 0x80);
  const chinese = tryDecode(new TextDecoder('gbk', { fatal: true }), bytes);
  if (
    chinese &&
    /^[\0-\x7f\p{Script=Han}\u3000-\u303f\uff00-\uffef]*$/u.test(chinese) &&
    high.length > 1 &&
    !high.every(isOem)
  )
    return chinese;
  if (!high.every(isOem)) return japanese ?? decodeText(bytes);
  return Array.from(bytes, (byte) => (byte < 0x80 ? String.fromCharCode(byte) : cp850[byte - 0x80])).join('');
}

function tryDecode(decoder: TextDecoder, bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}
