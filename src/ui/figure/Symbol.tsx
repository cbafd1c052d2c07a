import type { ReactNode } from 'react';

/** Sizes that the figure speaks of; undefined before they are known. */
export interface Sizes {
  /** Images a batch. */
  b: number;
  /** Texts. */
  n: number | undefined;
  /** Features of the teacher. */
  d: number | undefined;
}

const symbols = {
  ut: [sub('u', 't'), 'the teacher’s image features', 'bd'],
  us: [sub('u', 's'), 'the student’s image features after the projector', 'bd'],
  w: ['W', 'the teacher’s text features', 'nd'],
  mut: [sub('μ', 't'), 'mean of the teacher’s features over the batch', 'd'],
  mus: [sub('μ', 's'), 'mean of the student’s features over the batch', 'd'],
  vart: [sub('σ²', 't'), 'variance of the teacher’s features over the batch', 'd'],
  vars: [sub('σ²', 's'), 'variance of the student’s features over the batch', 'd'],
  q: ['Q', 'queries, from the student’s image features', 'bd'],
  k: ['K', 'keys, from the text features', 'nd'],
  v: ['V', 'values, from the text features', 'nd'],
  c: ['C', 'size of a query', ''],
  fe: [sub('f', 'e'), 'the student’s features after EduAttention', 'bd'],
  qt: [sub('q', 't'), 'the teacher’s logits', 'bn'],
  qs: [sub('q', 's'), 'the student’s logits', 'bn'],
  alpha: ['α', 'how much of the attention is added; learned, from 0', ''],
  tau: ['τ', 'temperature', ''],
  s: ['s', 'the teacher’s logit scale', ''],
  x: ['x', 'a batch of images', ''],
} as const satisfies Record<string, readonly [ReactNode, string, string]>;

interface Props {
  of: keyof typeof symbols;
  sizes: Sizes;
  value?: string;
}

/** A symbol of a formula; under the pointer its meaning, its current shape and its value. */
export function Sym({ of, sizes, value }: Props) {
  const [name, meaning, shape] = symbols[of];
  const tip = [meaning, shape && shapeOf(shape, sizes), value && `now ${value}`].filter(Boolean).join(', ');
  return (
    <span className="sym" data-tip={tip}>
      {name}
    </span>
  );
}

function sub(base: string, index: string): ReactNode {
  return (
    <>
      {base}
      <sub>{index}</sub>
    </>
  );
}

/** 'bd' → '64×128', with the letter itself where a size is not known yet. */
export function shapeOf(letters: string, { b, n, d }: Sizes): string {
  const known: Record<string, number | string> = { b, n: n ?? 'N', d: d ?? 'd' };
  return [...letters].map((letter) => known[letter]).join('×');
}
