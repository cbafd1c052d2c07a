/** Why no tower of this width can inherit from a teacher's of these sizes; undefined where one can. */
export function whyNotWidth(width: number, teacher: { width: number; heads: number }): string | undefined {
  const headSize = teacher.width / teacher.heads;
  if (width <= teacher.width && width % headSize === 0) return undefined;
  return `student.width is ${width}, and the teacher is ${teacher.width} wide in ${teacher.heads} heads; a multiple of ${headSize} up to ${teacher.width} would be right`;
}
