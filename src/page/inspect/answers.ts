import type { Logits } from '../../evaluate/results';

/** softmax(logits / temperature). */
function softmax(logits: Float32Array, temperature: number): Float64Array {
  const largest = logits.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const powers = Float64Array.from(logits, (logit) => Math.exp((logit - largest) / temperature));
  const sum = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / sum);
}

/** KL(p ‖ q) in nats. */
export function divergence(p: Float64Array, q: Float64Array): number {
  // What is too small for a number counts as the smallest one that is not.
  return p.reduce(
    (sum, share, i) => sum + (share > 0 ? share * Math.log(share / Math.max(q[i], 1e-300)) : 0),
    0,
  );
}

/** What both models answer to one image: logits and probabilities of all texts. */
export interface Answer {
  logits: { teacher: Float32Array; student: Float32Array };
  teacher: Float64Array;
  student: Float64Array;
}

/** @param row the image's place among the predictions */
export function answerOf({ texts, teacher, student }: Logits, row: number, temperature: number): Answer {
  const rowOf = (all: Float32Array) => all.subarray(row * texts.length, (row + 1) * texts.length);
  const logits = { teacher: rowOf(teacher), student: rowOf(student) };
  return {
    logits,
    teacher: softmax(logits.teacher, temperature),
    student: softmax(logits.student, temperature),
  };
}
