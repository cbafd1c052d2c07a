/** Base-to-new: the first so many classes, in label order, are base, the rest new (CoCoOp, arXiv 2203.05557). */
export function baseClassCount(classes: number): number {
  return Math.ceil(classes / 2);
}
