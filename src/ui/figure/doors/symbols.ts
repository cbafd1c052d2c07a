import type { Sizes } from '../../../page/sizes';
import { shapeOf } from '../../../page/sizes';

interface SymbolMeaning {
  tex: string;
  /** As it is read out. */
  spoken: string;
  of?: 'teacher' | 'student' | 'edu';
  meaning: string;
  /** Letters of its sizes: b images, n texts, d features, s those of the student's tower. */
  shape?: string;
}

const symbols = {
  x: { tex: 'x', spoken: 'x', meaning: 'a batch of images', shape: 'b' },
  ut: { tex: 'u_t', spoken: 'uₜ', of: 'teacher', meaning: 'the teacher’s image features', shape: 'bd' },
  us: {
    tex: 'u_s',
    spoken: 'uₛ',
    of: 'student',
    meaning: 'the student’s image features after the projector',
    shape: 'bd',
  },
  ft: {
    tex: 'f^{\\,t}_I',
    spoken: 'f of the teacher',
    of: 'teacher',
    meaning: 'the teacher’s image tower, frozen',
  },
  fs: { tex: 'f^{\\,s}_I', spoken: 'f of the student', of: 'student', meaning: 'the student’s image tower' },
  fT: { tex: 'f_T', spoken: 'f of texts', of: 'teacher', meaning: 'the teacher’s text tower, frozen' },
  P: { tex: 'P', spoken: 'P', of: 'student', meaning: 'the projector' },
  h: {
    tex: 'h',
    spoken: 'h',
    of: 'student',
    meaning: 'what the student’s image tower finds',
    shape: 'bs',
  },
  Wa: { tex: 'W_1', spoken: 'W₁', of: 'student', meaning: 'weights of the first linear layer', shape: 'ds' },
  Wb: { tex: 'W_2', spoken: 'W₂', of: 'student', meaning: 'weights of the second linear layer', shape: 'dd' },
  ba: { tex: 'b_1', spoken: 'b₁', of: 'student', meaning: 'bias of the first linear layer', shape: 'd' },
  bb: { tex: 'b_2', spoken: 'b₂', of: 'student', meaning: 'bias of the second linear layer', shape: 'd' },
  BN: {
    tex: '\\mathrm{BN}',
    spoken: 'BN',
    of: 'student',
    meaning:
      'batch normalisation: each feature with mean 0 and variance 1 over the batch, then scaled and shifted',
  },
  W: { tex: 'W', spoken: 'W', of: 'teacher', meaning: 'the teacher’s text features', shape: 'nd' },
  mut: {
    tex: '\\mu_t',
    spoken: 'μₜ',
    of: 'teacher',
    meaning: 'mean of the teacher’s features over the batch',
    shape: 'd',
  },
  mus: {
    tex: '\\mu_s',
    spoken: 'μₛ',
    of: 'student',
    meaning: 'mean of the student’s features over the batch',
    shape: 'd',
  },
  vart: {
    tex: '\\sigma^2_t',
    spoken: 'σ²ₜ',
    of: 'teacher',
    meaning: 'variance of the teacher’s features over the batch',
    shape: 'd',
  },
  vars: {
    tex: '\\sigma^2_s',
    spoken: 'σ²ₛ',
    of: 'student',
    meaning: 'variance of the student’s features over the batch',
    shape: 'd',
  },
  Q: { tex: 'Q', spoken: 'Q', of: 'edu', meaning: 'queries, from the student’s image features', shape: 'bd' },
  K: { tex: 'K', spoken: 'K', of: 'edu', meaning: 'keys, from the text features', shape: 'nd' },
  V: { tex: 'V', spoken: 'V', of: 'edu', meaning: 'values, from the text features', shape: 'nd' },
  C: { tex: 'C', spoken: 'C', of: 'edu', meaning: 'size of a query' },
  fatt: {
    tex: 'f_{\\text{att}}',
    spoken: 'f att',
    of: 'edu',
    meaning: 'what the attention gathers from the texts',
    shape: 'bd',
  },
  fe: {
    tex: 'f_e',
    spoken: 'fₑ',
    of: 'student',
    meaning: 'the student’s features after EduAttention',
    shape: 'bd',
  },
  qt: {
    tex: 'q_t',
    spoken: 'qₜ',
    of: 'teacher',
    meaning: 'the teacher’s logits; of a SigLIP without its bias, which no softmax sees',
    shape: 'bn',
  },
  qs: { tex: 'q_s', spoken: 'qₛ', of: 'student', meaning: 'the student’s logits', shape: 'bn' },
  gate: {
    tex: '\\alpha',
    spoken: 'α',
    of: 'edu',
    meaning: 'how much of the attention is added; learned, from 0',
  },
  A: {
    tex: 'A',
    spoken: 'A',
    meaning: 'how much of each token goes into the class token, in the last layer',
  },
  qc: { tex: 'q_{\\text{class}}', spoken: 'q class', meaning: 'the class token’s query in a head' },
  ks: { tex: 'k', spoken: 'k', meaning: 'keys of all tokens in a head: patches, class token, prompts' },
  dh: { tex: 'd_h', spoken: 'd h', meaning: 'size of a head' },
  temp: { tex: '\\tau', spoken: 'τ', meaning: 'temperature' },
  scale: { tex: 's', spoken: 's', of: 'teacher', meaning: 'the teacher’s logit scale' },
} as const satisfies Record<string, SymbolMeaning>;

export type SymbolName = keyof typeof symbols;

/** Current values, as they are to be read. */
export type SymbolValues = Partial<Record<SymbolName, string>>;

export const isSymbol = (name: string | undefined): name is SymbolName =>
  name !== undefined && name in symbols;

/** What a symbol stands for, its current shape and its current value: 'uₜ: the teacher’s image features, 32×128'. */
export function explain(name: SymbolName, sizes: Sizes, values: SymbolValues): string {
  const { spoken, meaning, shape }: SymbolMeaning = symbols[name];
  const value = values[name];
  const parts = [`${spoken}: ${meaning}`, shape && shapeOf(shape, sizes), value && `now ${value}`];
  return parts.filter(Boolean).join(', ');
}

/** A TeX macro a symbol, `\ut` for `ut`, that marks it in the output. */
export const symbolMacros: Record<string, string> = Object.fromEntries(
  Object.entries(symbols).map(([name, { tex, of }]: [string, SymbolMeaning]) => [
    `\\${name}`,
    `\\htmlData{symbol=${name},of=${of ?? 'both'}}{${tex}}`,
  ]),
);
