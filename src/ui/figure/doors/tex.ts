import { loss } from '../../../page/format';

/** A figure as TeX: 0.409, 3.1 · 10⁻⁵. */
export function texNumber(value: number | undefined): string {
  const [digits, exponent] = loss(value).split('e');
  if (digits === '–') return '\\text{–}';
  return exponent === undefined ? digits : `${digits} \\cdot 10^{${Number(exponent)}}`;
}

/** Plain text inside TeX, shortened; the special characters of TeX are taken out. */
export function texWords(words: string): string {
  const plain = words.replace(/[\\{}$&#^_%~]/g, ' ');
  return `\\text{${plain.length > 18 ? `${plain.slice(0, 17)}…` : plain}}`;
}

/** The first few of many values: '0.012, −0.034, 0.051, …'. */
export const firstOf = (values: ArrayLike<number> | undefined): string | undefined =>
  values && `${Array.from(values).slice(0, 3).map(loss).join(', ')}, …`;
