import { count } from '../files/count';

export { count, plural } from '../files/count';

/** A loss with three significant digits and a steady width: 0.409, 12.3, 3.1e-5. */
export function loss(value: number | undefined): string {
  if (value === undefined || Number.isNaN(value)) return '–';
  const size = Math.abs(value);
  if (size > 0 && size < 5e-4) return value.toExponential(1);
  return value.toFixed(size < 0.1 ? 4 : size < 10 ? 3 : size < 100 ? 2 : 1);
}

/** A share as a percentage without its sign: 0.431 → '43.1'. */
export const percent = (share: number | undefined): string =>
  share === undefined ? '–' : (share * 100).toFixed(1);

/** A share as a percentage: 0.431 → '43.1 %'. */
export const percentage = (share: number | undefined): string =>
  share === undefined ? '–' : `${percent(share)} %`;

/** A cosine between features: 0.731. */
export const cosine = (value: number): string => value.toFixed(3);

/** A value at a chart's axis: 0.05, 20, 1e-4. */
export const axisTick = (value: number): string =>
  value !== 0 && Math.abs(value) < 1e-3 ? value.toExponential(0) : String(+value.toPrecision(3));

/** 1240000 → '1.24 M'. */
export function amount(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(2)} G`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(2)} M`;
  return n >= 1e3 ? `${(n / 1e3).toFixed(0)} k` : String(n);
}

/** Bytes in decimal units: 2_480_000 → '2.5 MB'. */
export function bytes(n: number): string {
  if (n >= 1e9) return `${(n / 1e9).toFixed(2)} GB`;
  if (n >= 1e6) return `${(n / 1e6).toFixed(1)} MB`;
  return `${Math.ceil(n / 1e3)} kB`;
}

/** A rate that stays readable from 0.3 to 3000 a second. */
export const rate = (perSecond: number | undefined): string =>
  perSecond === undefined ? '–' : perSecond < 10 ? perSecond.toFixed(1) : count(Math.round(perSecond));

/** A setting as a person writes it: 0.001, 2e-5, 64. */
export const setting = (n: number): string => (n !== 0 && Math.abs(n) < 1e-3 ? n.toExponential() : String(n));

/** How fast, and how long yet: '2.1 MB/s, 3 min left'. */
export function pace(done: number, total: number, perSecond: number): string {
  const seconds = Math.ceil((total - done) / perSecond);
  const left =
    seconds >= 5400
      ? `${Math.round(seconds / 3600)} h`
      : seconds >= 90
        ? `${Math.round(seconds / 60)} min`
        : `${seconds} s`;
  return `${bytes(perSecond)}/s${total > done ? `, ${left} left` : ''}`;
}
