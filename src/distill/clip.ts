import type * as tf from '@tensorflow/tfjs-core';
import type { Checkpoint } from '../clip/checkpoint';
import type { ClipConfig } from '../clip/config';
import {
  type PlacedTexts,
  placedTextFeatures,
  placeTexts,
  tokenTable,
  withTokenRows,
} from '../clip/textTower';
import { imageFeatures } from '../clip/visionTower';
import { packedAttention, unpackAttention, type Weights } from '../clip/weights';
import { readTensors } from '../device/hostTensors';
import { createVariables, disposeVariables, type Variables } from '../device/variables';
import { inMemory, overlay, type TensorSource } from '../files/tensors';
import { l2Normalize } from '../ops/l2Normalize';
import type { LearnedScalar } from './methods/method';

const TOKENS = 'text_model.embeddings.token_embedding.weight';

/** A whole CLIP on the device, for certain texts, that learns with both towers. */
export class LearningClip {
  private constructor(
    readonly checkpoint: Checkpoint,
    readonly trained: Variables,
    /** The texts that it knows, by their indices. */
    readonly texts: PlacedTexts,
    private readonly rowOf: ReadonlyMap<number, number>,
  ) {}

  /**
   * Puts it on the device. Of the token embeddings it has the rows that occur; the others stay as they are.
   *
   * @param ids of the texts, [texts, context]
   * @param scalars that it starts with where the checkpoint has none
   */
  static async create(
    checkpoint: Checkpoint,
    ids: Int32Array,
    scalars: Readonly<Record<string, LearnedScalar>>,
  ): Promise<LearningClip> {
    const { table, rowOf } = tokenTable(checkpoint.tensors, ids);
    const starts = Object.entries(scalars).map(([name, { start }]) => [
      name,
      { shape: [], data: Float32Array.of(start) },
    ]);
    const whole = overlay(overlay(inMemory(Object.fromEntries(starts)), checkpoint.tensors), table);
    const trained = await createVariables(packedAttention(whole));
    return new LearningClip(checkpoint, trained, placeTexts(checkpoint.config, ids, rowOf), rowOf);
  }

  get config(): ClipConfig {
    return this.checkpoint.config;
  }

  get weights(): Weights {
    return this.trained.byName;
  }

  /** Image features, [batch, d], L2-normalised, of normalised pixels [batch, 3, size, size]. */
  images(pixels: tf.Tensor, recompute = false): tf.Tensor2D {
    return l2Normalize(imageFeatures(this.weights, this.config, pixels, { recompute })) as tf.Tensor2D;
  }

  /** Text features, [texts, d], L2-normalised, of placed texts: [texts, length] and [texts]. */
  textFeatures(rows: tf.Tensor, ends: tf.Tensor, recompute = false): tf.Tensor2D {
    return l2Normalize(
      placedTextFeatures(this.weights, this.config, rows, ends, { recompute }),
    ) as tf.Tensor2D;
  }

  /** Some of its texts as `textFeatures` takes them, by their indices. */
  place(texts: Int32Array): Omit<PlacedTexts, 'length'> {
    const { rows, ends, length } = this.texts;
    const placed = new Int32Array(texts.length * length);
    for (const [i, text] of texts.entries())
      placed.set(rows.subarray(text * length, (text + 1) * length), i * length);
    return { rows: placed, ends: Int32Array.from(texts, (text) => ends[text]) };
  }

  /** All its tensors as they are now. */
  async tensors(): Promise<TensorSource> {
    const learnt = unpackAttention(await readTensors(this.weights));
    const { [TOKENS]: rows, ...others } = learnt;
    return overlay(withTokenRows(this.checkpoint.tensors, rows, this.rowOf), inMemory(others));
  }

  dispose(): void {
    disposeVariables(this.trained);
  }
}
