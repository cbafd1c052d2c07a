import type { Random } from '../files/random';

export interface SampledTexts {
  /** Indices into the data set's texts, in their order; all where undefined. */
  texts?: Int32Array<ArrayBuffer>;
  /** Each image's right texts, as positions among these. */
  right: number[][];
}

/**
 * Which texts a batch meets: all, or where these are more than `max`, a random sample that holds
 * the batch's own.
 *
 * @param own each image's right texts, as indices into the data set's texts
 * @param total how many texts the data set has
 */
export function sampleTexts(own: number[][], total: number, max: number, random: Random): SampledTexts {
  if (total <= max) return { right: own };
  const chosen = new Set(own.flat());
  while (chosen.size < max) chosen.add(random.integer(total));
  const texts = Int32Array.from(chosen).sort();
  const positions = new Map([...texts].map((text, position) => [text, position]));
  return { texts, right: own.map((texts) => texts.flatMap((text) => positions.get(text) ?? [])) };
}

/**
 * The sample's size for a training step: `max`, or where the batch's own texts are more, the next multiple. Each size
 * is a step of its own to the device, traced anew, and the number of own texts differs from batch to batch.
 *
 * @param own each image's right texts, as indices into the data set's texts
 */
export function sampleSize(own: number[][], max: number): number {
  const distinct = new Set(own.flat()).size;
  return max * Math.max(1, Math.ceil(distinct / max));
}

/**
 * A text for each image in the images' order, as a contrastive loss meets them: of several, a random one. An image
 * without any brings some text that counts as right for none, so that batches are alike in shape.
 *
 * @param own each image's right texts, as indices into the data set's texts
 * @param total how many texts the data set has
 */
export function ownTexts(own: number[][], total: number, random: Random): Required<SampledTexts> {
  const texts = own.map((right) =>
    right.length > 0 ? right[random.integer(right.length)] : random.integer(total),
  );
  return { texts: Int32Array.from(texts), right: own.map(({ length }, i) => (length > 0 ? [i] : [])) };
}
