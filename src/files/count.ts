const grouped = new Intl.NumberFormat('en-GB');

/** 1352 → '1,352'. */
export const count = (n: number): string => grouped.format(n);

/** '1 image', '1,352 images'. */
export const plural = (n: number, one: string, many = `${one}s`): string =>
  `${count(n)} ${n === 1 ? one : many}`;
