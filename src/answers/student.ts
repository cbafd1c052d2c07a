// For their side effects: tfjs with its flags, which must come first.
import '@tensorflow/tfjs-core';
import * as tf from '@tensorflow/tfjs-core';
import { parseConfig } from '../clip/families/families';
import type { RgbImage } from '../clip/image';
import { normalise, parsePreprocessor, preprocess } from '../clip/preprocess';
import { logits } from '../distill/refinement';
import { createStudent, studentInputFeatures, studentView } from '../distill/student';
import { uploadInput } from '../distill/towerInput';
import { pageStudent } from '../export/pageStudent';
import { parseJson } from '../files/json';
import { openSafetensors, readSafetensors } from '../files/safetensors';
import { inMemory } from '../files/tensors';
import { startWasm } from './device';

/** The student of the page, ready to be asked. */
export interface Answering {
  /** What it answers with: classes or captions. */
  names: string[];
  /**
   * Shares of some of the names for a picture, in their order.
   *
   * @param chosen places among the names
   */
  answer(image: RgbImage, chosen: number[]): Promise<Float32Array>;
}

/** Puts a student on WebAssembly. */
export async function openStudent(file: Blob): Promise<Answering> {
  const where = 'student';
  await startWasm();
  const { metadata } = await openSafetensors(file, where);
  const about = parseJson(pageStudent, metadata, where);
  const { W, logit_scale, ...tensors } = await readSafetensors(file, where);
  const config = parseConfig(about.config, where);
  const preprocessor = parsePreprocessor(about.preprocessor, config.vision.imageSize, where);
  const student = await createStudent(config, inMemory(tensors), 'heads', about.eduAttention);
  const texts = tf.tensor2d(W.data, [W.shape[0], W.shape[1]]);
  const s = Math.exp(logit_scale.data[0]);
  const { size } = preprocessor;
  return {
    names: about.names,
    async answer(image, chosen) {
      const pixels = new Float32Array(3 * size * size);
      normalise(preprocess(image, preprocessor), preprocessor, pixels, 0);
      const shares = tf.tidy(() => {
        const among = tf.gather(texts, tf.tensor1d(chosen, 'int32'));
        const x = studentInputFeatures(student, uploadInput({ pixels }, 1, size));
        return tf.softmax(logits(studentView(student, x, among).f_e, among, s));
      });
      const values = await shares.data<'float32'>();
      shares.dispose();
      return values;
    },
  };
}
